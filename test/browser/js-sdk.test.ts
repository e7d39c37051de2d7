import tcb from '@cloudbase/node-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stage, startStage, type Visitor } from './js-sdk-stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

/** A ticket as a developer's server makes it, with the key file that the environment gives out. */
async function ticketFor(customUserId: string): Promise<string> {
  const credentials = Object(await (await fetch(`${stage.cloud.url}/web/custom-login-key`)).json())
  return tcb.init({ env: stage.cloud.envId, credentials }).auth().createTicket(customUserId)
}

describe('signing in', () => {
  it('anonymously gives a user, who is known again when the page is loaded anew', async () => {
    const { page, uid } = await stage.signedIn()
    await page.reload()
    const again = await page.evaluate(async (url) => {
      connect(url)
      const { data } = await app.auth().getUser()
      return { id: data.user?.id, isAnonymous: data.user?.is_anonymous }
    }, stage.cloud.url)
    expect(again).toEqual({ id: uid, isAnonymous: true })
  })

  it('with a custom ticket tells functions whose ticket it was', async () => {
    const page = await stage.visit()
    const ticket = await ticketFor('staff-007')
    const { user, uid } = await page.evaluate(async (ticket) => {
      const { data, error } = await app.auth().signInWithCustomTicket(async () => ticket)
      if (error) throw error
      const { result } = await app.callFunction({ name: 'whoami' })
      return { user: result.user, uid: data.user?.id }
    }, ticket)
    expect(user).toMatchObject({ uid, customUserId: 'staff-007', isAnonymous: false, openId: '' })
  })

  it('with a ticket that nobody signed is refused', async () => {
    const page = await stage.visit()
    const [head, payload] = (await ticketFor('staff-007')).split('.')
    const error = await page.evaluate(async (ticket) => {
      const { error } = await app.auth().signInWithCustomTicket(async () => ticket)
      return error?.message
    }, `${head}.${payload}.AAAA`)
    expect(error).toContain('ticket')
  })

  it('with user name and password', async () => {
    const account = { username: 'alice', password: 'correct-horse' }
    const signUp = { method: 'POST', body: JSON.stringify(account) }
    expect((await fetch(`${stage.cloud.url}/auth/v1/signup`, signUp)).status).toBe(200)
    const page = await stage.visit()
    const [wrong, right] = await page.evaluate(async (account) => {
      const wrong = await app.auth().signInWithPassword({ ...account, password: 'guessed' })
      const right = await app.auth().signInWithPassword(account)
      return [wrong.error?.message, right.data.user?.user_metadata?.username]
    }, account)
    expect(wrong).toContain('password')
    expect(right).toBe('alice')
  })

  it('is over after signing out', async () => {
    const { page } = await stage.signedIn()
    const refused = await page.evaluate(async () => {
      await app.auth().signOut()
      return db
        .collection('notes')
        .get()
        .then(
          () => 'answered',
          () => 'refused',
        )
    })
    expect(refused).toBe('refused')
  })

  it('lasts when the access token expires on the way: the SDK gets a new one and tries again', async () => {
    const { page } = await stage.signedIn()
    await stage.cloud.clock.advance(2 * 3_600_000)
    const requests: string[] = []
    page.on('response', (response) =>
      requests.push(`${response.status()} ${new URL(response.url()).pathname}`),
    )
    const total = await page.evaluate(async () => (await db.collection('notes').count()).total)
    expect(total).toBe(0)
    expect(requests.filter((line) => line.includes('/auth/v1/token'))).toEqual(['200 /auth/v1/token'])
    expect(requests.filter((line) => line.startsWith('401'))).toHaveLength(1)
  })
})

describe.each(['GATEWAY', 'CLOUD_API'] as const)('in mode %s', (mode) => {
  let owner: Visitor
  let other: Visitor
  beforeAll(async () => {
    owner = await stage.signedIn(mode)
    other = await stage.signedIn(mode)
  })

  it('a page does everything that it may do with its own documents', async () => {
    const seen = await owner.page.evaluate(async () => {
      const notes = db.collection('notes')
      const _ = db.command
      const { id = '' } = await notes.add({
        title: 'a',
        n: 1,
        at: new Date(5),
        place: new db.Geo.Point(113, 23),
      })
      await notes.add({ title: 'b', n: 2, tags: ['x'], made: db.serverDate({ offset: 1_000 }) })
      const set = await notes.doc('c').set({ title: 'c', n: 3 })
      const setAgain = await notes.doc('c').set({ title: 'C' })
      const [one] = (await notes.doc(id).get()).data
      const found = await notes
        .where({ n: _.gte(1).and(_.lt(3)), title: new db.RegExp({ regexp: '^[AB]$', options: 'i' }) })
        .orderBy('n', 'desc')
        .skip(1)
        .limit(1)
        .field({ title: true })
        .get()
      const byId = await notes.where({ _id: _.eq(id) }).get()
      const updated = await notes
        .where({ title: 'b' })
        .update({ n: _.inc(5), tags: _.push('y'), deep: { er: 1 } })
      const [changed] = (await notes.where({ title: 'b' }).get()).data
      const grouped = await notes
        .aggregate()
        .match({ n: _.gt(0) })
        .group({ _id: null, sum: _.aggregate.sum('$n') })
        .end()
      const removed = await notes.where({ n: _.gt(0) }).remove()
      const removedById = await notes.doc('c').remove()
      return {
        oneAt: one.at instanceof Date && one.at.getTime(),
        longitude: one.place.longitude,
        owner: one._openid,
        id,
        found: found.data,
        byId: byId.data.length,
        set,
        setAgain,
        updated: updated.updated,
        changed: [changed.n, changed.tags, changed.deep, changed.made instanceof Date],
        sum: grouped.data[0].sum,
        removed: [removed.deleted, removedById.deleted],
        left: (await notes.count()).total,
      }
    })
    expect(seen).toMatchObject({
      oneAt: 5,
      longitude: 113,
      owner: owner.uid,
      found: [{ _id: seen.id, title: 'a' }],
      byId: 1,
      set: { updated: 0, upsertedId: 'c' },
      setAgain: { updated: 1 },
      updated: 1,
      changed: [7, ['x', 'y'], { er: 1 }, true],
      sum: 8,
      removed: [2, 1],
      left: 0,
    })
  })

  it('a page may do nothing else', async () => {
    const id = await owner.page.evaluate(
      async () => (await db.collection('notes').add({ title: 'mine' })).id ?? '',
    )
    const [notes, changed, published, ...refused] = await other.page.evaluate(async (id) => {
      // In action mode the SDK resolves with the refusal, in gateway mode it rejects with it.
      const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
        asked.then(
          (answer) => Object(answer).code,
          (error) => Object(error).code,
        )
      const articles = db.collection('articles')
      return [
        (await db.collection('notes').get()).data,
        (await db.collection('notes').doc(id).update({ title: 'stolen' })).updated,
        (await articles.where({ published: true }).get()).data,
        await codeOf(articles.get()),
        await codeOf(articles.add({ title: 'spam' })),
        await codeOf(db.collection('secrets').get()),
        await codeOf(db.collection('notes').add({ _openid: 'somebody', title: 'forged' })),
        await codeOf(db.createCollection('mine')),
        await codeOf(db.startTransaction()),
      ]
    }, id)
    expect([notes, changed, published]).toEqual([[], 0, []])
    expect(refused).toEqual(Array(6).fill('DATABASE_PERMISSION_DENIED'))
    expect(await owner.page.evaluate((id) => db.collection('notes').doc(id).remove(), id)).toMatchObject({
      deleted: 1,
    })
  })

  it('a function gets the event and the user, and answers with what it returns', async () => {
    const answer = await owner.page.evaluate(() =>
      app.callFunction({ name: 'whoami', data: { a: [1, '二'] } }),
    )
    const user = { uid: owner.uid, isAnonymous: true, openId: '', customUserId: '' }
    expect(answer.result).toMatchObject({ a: [1, '二'], user })
    expect(answer.requestId).toMatch(/./)
  })

  it('a function that fails or does not exist rejects', async () => {
    const failures = await owner.page.evaluate(() =>
      Promise.all(
        ['broken', 'nowhere'].map((name) =>
          app.callFunction({ name }).then(
            () => 'resolved',
            (error: unknown) => String(Object(error).code ?? Object(error).message),
          ),
        ),
      ),
    )
    expect(failures).toEqual([
      expect.stringContaining(mode === 'GATEWAY' ? 'FUNCTION_INVOCATION_FAILED' : 'FUNCTIONS_EXECUTE_FAIL'),
      expect.stringContaining('FUNCTION_NOT_FOUND'),
    ])
  })

  it.each(['put', 'post'] as const)(
    'a file is uploaded by %s with progress, found, downloaded and deleted, by its owner alone',
    async (method) => {
      const { page } = owner
      const cloudPath = `album/${mode}/${method} 一.txt`
      const { fileID, progress, addresses, text } = await page.evaluate(
        async ({ cloudPath, method }) => {
          const progress: number[] = []
          const filePath = new File(['x'.repeat(2_000_000)], 'a.txt', { type: 'text/plain' })
          const { fileID } = await app.uploadFile({
            cloudPath,
            filePath,
            method,
            onUploadProgress: ({ loaded }) => progress.push(loaded),
          })
          const addresses = (await app.getTempFileURL({ fileList: [fileID, `${fileID}.none`] })).fileList
          const text = await (await fetch(addresses[0]?.tempFileURL ?? '')).text()
          return { fileID, progress, addresses, text }
        },
        { cloudPath, method },
      )
      expect(fileID).toMatch(/^cloud:\/\/local\..*\.txt$/)
      expect(progress.at(-1)).toBeGreaterThanOrEqual(2_000_000)
      expect(addresses).toMatchObject([{ fileID, code: 'SUCCESS' }, { code: 'STORAGE_FILE_NONEXIST' }])
      expect(text).toHaveLength(2_000_000)

      const downloading = page.waitForEvent('download')
      const downloaded = await page.evaluate((fileID) => app.downloadFile({ fileID }), fileID)
      expect(downloaded.statusCode).toBe(200)
      expect((await downloading).suggestedFilename()).toBe(`${method} 一.txt`)

      const refused = await other.page.evaluate((fileID) => app.deleteFile({ fileList: [fileID] }), fileID)
      expect(refused.fileList).toMatchObject([{ fileID, code: 'STORAGE_EXCEED_AUTHORITY' }])
      const deleted = await page.evaluate((fileID) => app.deleteFile({ fileList: [fileID] }), fileID)
      expect(deleted.fileList).toMatchObject([{ fileID, code: 'SUCCESS' }])
      const gone = await page.evaluate((fileID) => app.getTempFileURL({ fileList: [fileID] }), fileID)
      expect(gone.fileList).toMatchObject([{ code: 'STORAGE_FILE_NONEXIST' }])
    },
  )
})

it('no page left an error that nobody caught', () => {
  expect(stage.uncaught()).toEqual([])
})
