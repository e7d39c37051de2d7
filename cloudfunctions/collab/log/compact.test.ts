import { beforeEach, describe, expect, it } from 'vitest'
import { bodyOf, type Desk, openDesk, typist } from '../document.fixture.ts'

const HOUR_MS = 3_600_000

let desk: Desk
let author: ReturnType<typeof typist>
let clock: number
beforeEach(async () => {
  desk = await openDesk()
  author = typist()
  clock = 0
  await write(5)
})

async function write(words: number): Promise<void> {
  for (const last = clock + words; clock < last; ) {
    clock += 1
    await desk.push('author1', clock, author.type(`${clock} `))
  }
}

const count = async (collection: string) => (await desk.cloud.collection(collection).all()).length
const document = () => desk.cloud.collection('collab_documents').get(desk.documentId)
const bodyNow = async () => bodyOf(await desk.open('author1'))

describe('a compaction', () => {
  it('leaves one snapshot and no log, and readers see the same', async () => {
    await desk.compact()
    expect(await document()).toMatchObject({ snapshotSeq: 5, lastSeq: 5, tailUpdates: 0, tailBytes: 0 })
    expect([await count('collab_updates'), await count('collab_parts')]).toEqual([0, 1])
    expect(await bodyNow()).toBe(bodyOf(author.doc))
  })

  it('goes on from the snapshot before it', async () => {
    await desk.compact()
    await write(3)
    await desk.compact()
    expect(await document()).toMatchObject({ snapshotSeq: 8, tailUpdates: 0 })
    expect([await count('collab_updates'), await count('collab_parts')]).toEqual([0, 1])
    expect(await bodyNow()).toBe(bodyOf(author.doc))
  })

  it('lets a reader who had the first updates go on with the snapshot', async () => {
    const before = await desk.open('author1')
    await write(2)
    await desk.compact()
    await write(1)
    expect(await desk.pull('author1', 5)).toMatchObject({ kind: 'snapshot', seq: 7, lastSeq: 8 })
    expect(bodyOf(before)).not.toBe(await bodyNow())
    expect(await bodyNow()).toBe(bodyOf(author.doc))
  })

  const deaths = ['getDocument', 'insertDocument', 'modifyDocument', 'removeDocument'].flatMap((action) =>
    [0, 1, 2, 3, 4].flatMap((after) =>
      [false, true].map((replyLost) => ({ action: `database.${action}`, after, replyLost })),
    ),
  )

  it.each(deaths)(
    'that dies after $after $action (reply lost: $replyLost) loses nothing',
    async ({ action, ...failure }) => {
      await desk.compact()
      await write(2)
      desk.cloud.fail(action, { code: 'INTERNAL_SERVER_ERROR', ...failure })
      await desk.compact()
      // A failure that has not struck yet strikes one of these, once.
      const insist = <T>(work: () => Promise<T>) => work().catch(work)
      expect(await insist(bodyNow)).toBe(bodyOf(author.doc))
      await insist(() => write(1))
      await desk.compact()
      await desk.compact()
      await desk.cloud.clock.advance(2 * HOUR_MS)
      for (const _time of ['first', 'again']) {
        await insist(() => desk.cloud.as('admin').ok('scheduler/run', { job: 'cleaning' }))
      }
      expect(await insist(bodyNow)).toBe(bodyOf(author.doc))
      expect([await count('collab_updates'), await count('collab_parts')]).toEqual([0, 1])
    },
  )

  it('by two at the same time, beside a writer, leaves the snapshot of one', async () => {
    await Promise.all([desk.compact(), desk.compact(), write(3), desk.compact()])
    await desk.compact()
    expect(await bodyNow()).toBe(bodyOf(author.doc))
    expect(await count('collab_parts')).toBe(1)
  })
})
