import type { GenerationCase } from './case.ts'

/** Collections, functions, files and open APIs. */
export const serviceCases: GenerationCase[] = [
  {
    name: 'a collection is made once, and again is refused',
    async run(_items, _, { db }) {
      await db.createCollection('fresh')
      await db.collection('fresh').add({ data: { n: 1 } })
      const again = await db.createCollection('fresh').then(
        () => 'made again',
        (error) => String(error.errMsg ?? error.message),
      )
      return [(await db.collection('fresh').count()).total, again.includes('Table exist')]
    },
    returns: [1, true],
  },
  {
    name: 'reading a collection that is not there is refused',
    run: (_items, _, { db }) => db.collection('nowhere').get(),
    fails: /Db or Table not exist/,
  },
  {
    name: 'writing to a collection that is not there is refused',
    run: (_items, _, { db }) => db.collection('nowhere').add({ data: { n: 1 } }),
    fails: /Db or Table not exist/,
  },
  {
    name: 'a function is called with data, and gives back what it returns',
    run: async (_items, _, { cloud }) =>
      (await cloud.callFunction({ name: 'double', data: { n: 21, text: '二' } })).result,
    returns: { n: 42, text: '二' },
  },
  {
    name: 'a function that throws is refused to its caller with its words',
    run: (_items, _, { cloud }) => cloud.callFunction({ name: 'double', data: { n: 'x' } }),
    fails: /n must be a number/,
  },
  {
    name: 'a function that is not there is refused',
    run: (_items, _, { cloud }) => cloud.callFunction({ name: 'absent' }),
    fails: /could not be found/,
  },
  {
    name: 'a file goes up, has an address, comes down and is deleted',
    async run(_items, _, { cloud }) {
      const fileContent = Buffer.from([0, 1, 2, 253, 254, 255, 13, 10, 45, 45])
      const { fileID } = await cloud.uploadFile({ cloudPath: 'dir/图 1.bin', fileContent })
      const down = (await cloud.downloadFile({ fileID })).fileContent
      const { fileList } = await cloud.getTempFileURL({ fileList: [fileID] })
      const response = await fetch(fileList[0]?.tempFileURL ?? '')
      const fetched = Buffer.from(await response.arrayBuffer())
      const deleted = (await cloud.deleteFile({ fileList: [fileID] })).fileList.length
      const gone = (await fetch(fileList[0]?.tempFileURL ?? '')).status
      return { isSame: down.equals(fileContent), isSameByUrl: fetched.equals(fileContent), deleted, gone }
    },
    returns: { isSame: true, isSameByUrl: true, deleted: 1, gone: 404 },
  },
  {
    name: 'an upload stream is as good as a buffer',
    async run(_items, _, { cloud }) {
      const big = Buffer.alloc(300_000, 'abc')
      const { fileID } = await cloud.uploadFile({ cloudPath: 'big.txt', fileContent: big })
      return (await cloud.downloadFile({ fileID })).fileContent.equals(big)
    },
    returns: true,
  },
  {
    name: 'an open API answers, and refuses what is risky',
    async run(_items, _, { cloud }) {
      const check = async (content: string): Promise<unknown> => {
        try {
          return Object(await cloud.openapi?.security?.msgSecCheck?.({ content })).errCode
        } catch (error) {
          return Object(error).errCode
        }
      }
      // node-sdk has no open APIs.
      return cloud.openapi ? [await check('hello'), await check('网上赌博')] : [0, 87014]
    },
    returns: [0, 87014],
  },
]
