import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from '../core/identity.ts'
import { type ClientCloud, startClientCloud } from '../testing/client-cloud.ts'

const BUYER1 = openidOf(LOCAL_APPID, 'buyer1')

let cloud: ClientCloud

beforeAll(async () => {
  cloud = await startClientCloud({ echo: 'exports.main = async (event) => event' })
})

afterAll(() => cloud[Symbol.asyncDispose]())

describe('files of a client', () => {
  const grantFor = async (user: string, path: string) =>
    (await cloud.post(user, 'storage', { action: 'storage.getUploadMetadata', path })).body

  async function upload(user: string, path: string, content: string) {
    const grant = await grantFor(user, path)
    if (grant.code) return grant.code
    expect((await send(grant, path, content)).status).toBe(204)
    return grant.data.fileId
  }

  async function send({ data }: { data: Record<string, string> }, path: string, content: string) {
    const { url = '', authorization = '', token = '', cosFileId = '' } = data
    const form = new FormData()
    const fields = { key: path, signature: authorization, 'x-cos-security-token': token }
    for (const [name, value] of Object.entries({ ...fields, 'x-cos-meta-fileid': cosFileId }))
      form.append(name, value)
    form.append('file', new Blob([content]))
    return fetch(url, { method: 'POST', body: form })
  }

  it('are safe from a grant that was asked for before they were there, and from one for another path', async () => {
    const early = await grantFor('buyer2', 'race/1.txt')
    await upload('buyer1', 'race/1.txt', 'mine')
    expect((await send(early, 'race/1.txt', 'theirs')).status).toBe(403)
    expect(
      (await send({ data: { ...early.data, url: `${early.data.url}x` } }, 'race/1.txtx', '')).status,
    ).toBe(403)
    const own = await grantFor('buyer1', 'race/1.txt')
    expect((await send(own, 'race/1.txt', 'once')).status).toBe(204)
    expect((await send(own, 'race/1.txt', 'twice')).status).toBe(204)
  })

  it('are overwritten and removed by whoever uploaded them, and read by all', async () => {
    const fileID = await upload('buyer1', 'a/1.txt', 'one')
    expect(await upload('buyer1', 'a/1.txt', 'two')).toBe(fileID)
    expect(await upload('buyer2', 'a/1.txt', 'three')).toBe('STORAGE_EXCEED_AUTHORITY')
    expect(await upload('buyer1', '../x', 'up')).toBe('INVALID_PARAM')

    const links = await cloud.post('buyer2', 'storage', {
      action: 'storage.batchGetDownloadUrl',
      file_list: [{ fileid: `${fileID}.none` }, { fileid: fileID }],
    })
    expect(links.body.data.download_list).toMatchObject([
      { code: 'STORAGE_FILE_NONEXIST' },
      { code: 'SUCCESS', fileID },
    ])
    expect(await (await fetch(links.body.data.download_list[1].tempFileURL)).text()).toBe('two')

    const list = [fileID, `${fileID}.none`]
    const remove = (user: string) =>
      cloud.post(user, 'storage', { action: 'storage.batchDeleteFile', fileid_list: list })
    expect((await remove('buyer2')).body.data.delete_list).toMatchObject([
      { fileID, code: 'STORAGE_EXCEED_AUTHORITY' },
      { code: 'STORAGE_FILE_NONEXIST' },
    ])
    expect((await remove('buyer1')).body.data.delete_list).toMatchObject([
      { fileID, code: 'SUCCESS' },
      { code: 'STORAGE_FILE_NONEXIST' },
    ])
    expect((await cloud.post('buyer1', 'storage', { action: 'storage.batchCopyFile' })).body.code).toBe(
      'NOT_EMULATED',
    )
  })
})

describe('CloudIDs in the data of a call', () => {
  const call = async (event: object, cloudIds: string, user = 'buyer1') =>
    (await cloud.post(user, 'functions/echo', event, { 'x-emulator-cloud-ids': cloudIds })).body

  it('are replaced by the open data of this very user', async () => {
    const { cloudID } = await cloud.wechat.cloudIds.issue(BUYER1, 'phone', { phoneNumber: '13800000000' })
    const event = { '号 码': cloudID, text: cloudID }
    const { result } = await call(event, encodeURIComponent('号 码'))
    expect(result['号 码']).toMatchObject({ cloudID, data: { phoneNumber: '13800000000' } })
    expect(result.text).toBe(cloudID)
    expect((await call({ id: cloudID }, 'id', 'buyer2')).result.id).toMatchObject({ errCode: -601007 })
    expect((await call({ id: 'made up' }, 'id')).result.id).toMatchObject({ errCode: -601005 })
    expect(await call({}, 'a,b,c,d,e,f')).toMatchObject({ errCode: -401002 })
    expect(await call({}, '%')).toMatchObject({ errCode: -401002 })
  })
})

describe('rules for storage and functions', () => {
  it('make links expire, and keep functions from clients', async () => {
    await using locked = await startClientCloud(
      {
        echo: 'exports.main = async (event) => event',
        job: 'exports.main = async () => "done"',
        'storage-rules.json': { permission: 'PRIVATE' },
        'function-rules.json': { '*': { invoke: true }, job: { invoke: false } },
      },
      { clock: 'manual' },
    )
    const post = async (...call: Parameters<ClientCloud['post']>) => (await locked.post(...call)).body
    expect(await post('buyer1', 'functions/echo', {})).toMatchObject({ errMsg: 'cloud.callFunction:ok' })
    expect(await post('buyer1', 'functions/job', {})).toMatchObject({
      errCode: -601004,
      errMsg: expect.stringContaining('permission denied'),
    })

    const { data } = await post('buyer1', 'storage', { action: 'storage.getUploadMetadata', path: 'a' })
    const headers = {
      authorization: data.authorization,
      'x-cos-security-token': data.token,
      'x-cos-meta-fileid': data.cosFileId,
    }
    await fetch(data.url, { method: 'PUT', headers, body: 'mine' })
    const links = { action: 'storage.batchGetDownloadUrl', file_list: [{ fileid: data.fileId, max_age: 60 }] }
    const linkFor = async (user: string) => (await post(user, 'storage', links)).data.download_list[0]
    expect(await linkFor('buyer2')).toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY', tempFileURL: '' })
    const { tempFileURL } = await linkFor('buyer1')
    expect(await (await fetch(tempFileURL)).text()).toBe('mine')
    expect((await fetch(tempFileURL.split('?')[0])).status).toBe(403)
    await locked.clock.advance(61_000)
    expect((await fetch(tempFileURL)).status).toBe(403)
  })

  it('stop the start when they cannot be read', async () => {
    const broken = { 'database-rules/x.json': { permission: 'CUSTOM', rule: { read: 'doc.a ==' } } }
    await expect(startClientCloud(broken)).rejects.toThrow('database-rules/x.json')
  })
})
