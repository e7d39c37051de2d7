import { describe, expect, it } from 'vitest'
import { SDK, startTestCloud, type TestCloud } from '../testing/project.ts'

const PROJECT = {
  'database-rules/c.json': {},
  outer: `${SDK} exports.main = async ({ $url }) => {
    const db = cloud.database()
    await db.collection('c').add({ data: { a: 1 } })
    await db.collection('c').add({ data: { a: 2 } })
    await db.collection('c').get()
    await db.collection('c').where({ a: 1 }).count()
    await db.collection('c').where({ a: 2 }).update({ data: { a: 3 } })
    await cloud.callFunction({ name: 'inner', data: {} }).catch(() => {})
    return $url }`,
  inner: `exports.main = async () => { throw new Error('broken') }`,
  talk: `exports.main = async ({ text }) => { console.log(text); return text }`,
}

async function get(cloud: TestCloud, path: string) {
  return Object(await (await fetch(`${cloud.url}/control/${path}`)).json())
}

describe('traces', () => {
  it('show a call as a tree: its requests with their codes, and the functions that it called', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const { body } = await cloud.post('outer', { $url: 'go' })
    const { traces } = await get(cloud, 'traces')
    expect(traces).toMatchObject([
      {
        requestId: body.requestID,
        function: 'outer',
        version: '$LATEST',
        route: 'outer/go',
        source: 'wx_client',
        retCode: 200,
        cost: { calls: 6, recordsRead: 3, recordsWritten: 3 },
        calls: [
          { operation: 'database.insertDocument', subject: 'c' },
          { operation: 'database.insertDocument' },
          { operation: 'database.getDocument' },
          { operation: 'database.calculateDocument' },
          { operation: 'database.modifyDocument' },
          {
            service: 'functions',
            operation: 'functions.invokeFunction',
            subject: 'inner',
            code: 'FUNCTIONS_EXECUTE_FAIL',
          },
        ],
        children: [
          { function: 'inner', code: 'FUNCTIONS_EXECUTE_FAIL', retCode: 430, calls: [], children: [] },
        ],
      },
    ])
    expect(traces[0].durationMs).toBeGreaterThanOrEqual(traces[0].children[0].durationMs)
  })

  it('are found by what is in them', async () => {
    await using cloud = await startTestCloud(PROJECT)
    await cloud.post('outer', { $url: 'go' })
    const { body } = await cloud.post('talk', { text: 'hi' })
    const found = async (query: string) =>
      (await get(cloud, `traces?${query}`)).traces.map((trace: { function: string }) => trace.function)
    expect(await found('')).toEqual(['talk', 'outer'])
    expect(await found('failed=true')).toEqual(['outer'])
    expect(await found('function=inner')).toEqual(['outer'])
    expect(await found('route=outer/go')).toEqual(['outer'])
    expect(await found(`requestId=${body.requestID}`)).toEqual(['talk'])
    expect(await found('limit=1')).toEqual(['talk'])
  })
})

describe('cost', () => {
  it('counts calls, records and memory by function and by route, against the plan', async () => {
    await using cloud = await startTestCloud(PROJECT)
    await cloud.post('outer', { $url: 'go' })
    const cost = await get(cloud, 'cost')
    expect(cost).toMatchObject({
      total: 7,
      byService: { functions: 2, database: 5 },
      recordsRead: 3,
      recordsWritten: 3,
      storageOperations: 0,
      byFunction: {
        outer: { runs: 1, database: 5, functions: 1, recordsRead: 3, recordsWritten: 3 },
        inner: { runs: 1 },
      },
      byRoute: { 'outer/go': { runs: 1, database: 5, recordsRead: 3 } },
      plan: { calls: { used: 8, included: 200_000, percent: 0.004 } },
    })
    expect(cost.gbs).toBeCloseTo(cost.byFunction.outer.gbs + cost.byFunction.inner.gbs)
    expect(cost.byFunction.outer.gbs).toBeGreaterThan(0)
    expect(cost.byRoute['outer/go'].gbs).toBe(cost.byFunction.outer.gbs)
    await fetch(`${cloud.url}/control/cost/reset`, { method: 'POST', body: '{}' })
    expect(await get(cloud, 'cost')).toMatchObject({ total: 0, gbs: 0, byFunction: {}, byRoute: {} })
  })
})

describe('the report of a call', () => {
  const reportOf = (cloud: TestCloud, requestId: unknown) =>
    cloud.log.recent((line) => line.fields?.requestId === requestId && line.message.startsWith('Report'))[0]

  it('tells duration, what is billed, memory and the return code', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const well = await cloud.post('talk', { text: 'hi' })
    const report = reportOf(cloud, well.body.requestID)
    expect(report?.message).toMatch(
      /^Report RequestId: \S+ Duration:\d+ms Memory:256MB BillDuration:\d+ms MemUsage:[\d.]+MB RetCode:200$/,
    )
    expect(report?.fields).toMatchObject({ version: '$LATEST', retCode: 200, retMsg: '', memoryMb: 256 })
    expect(report?.fields?.memUsageMb).toBeGreaterThan(1)
    const broken = await cloud.post('inner', {})
    expect(reportOf(cloud, broken.body.requestID)?.fields).toMatchObject({
      retCode: 430,
      retMsg: 'Error: broken',
    })
  })

  it.each([
    ['exit', 439],
    ['sleep', 433],
    ['memory', 434],
    ['long', 407],
  ])('that ends by %s has the code of SCF, %i', async (how, retCode) => {
    await using cloud = await startTestCloud({
      bad: `const big = []
        exports.main = async ({ how }) => {
          if (how === 'exit') process.exit(3)
          if (how === 'sleep') return new Promise(() => {})
          if (how === 'long') return 'x'.repeat(2 * 1024 * 1024)
          for (;;) big.push(new Array(1e5).fill({}).map(() => ({})))
        }`,
      'cloudbaserc.json': {
        functions: [{ name: 'bad', timeout: how === 'sleep' ? 0.1 : 20, memorySize: 64 }],
      },
    })
    const { body } = await cloud.post('bad', { how })
    expect(reportOf(cloud, body.requestID)?.fields).toMatchObject({ retCode })
  })

  it('and the lines of a call are found by function, request and level', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const first = await cloud.post('talk', { text: 'first' })
    await cloud.post('talk', { text: 'second' })
    await cloud.post('inner', {})
    const lines = async (query: string) =>
      (await get(cloud, `logs?${query}`)).lines.map(({ message }: { message: string }) => message)
    expect(await lines('function=talk&level=info')).toEqual(['second', 'first'])
    expect(await lines(`requestId=${first.body.requestID}&level=info`)).toEqual(['first'])
    expect(await lines('level=error')).toEqual([expect.stringContaining('broken')])
  })
})
