import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startTestCloud } from '../testing/project.ts'

interface Operation {
  method: string
  path: string
}

const SEED = 20_260_105

/** Text, JSON of any shape, and bytes that are neither. */
const bodies: (string | Uint8Array)[] = [
  ...fc.sample(fc.json(), { seed: SEED, numRuns: 6 }),
  ...fc.sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), { seed: SEED, numRuns: 4 }),
  '{"ms":1e999}',
  '{"__proto__":{"a":1},"constructor":null}',
  '{"name":{"$gt":""},"user":[],"function":7,"lines":null,"shares":[{}]}',
  '[',
]

async function operationsOf(url: string): Promise<Operation[]> {
  const { paths } = Object(await (await fetch(`${url}/control/openapi.json`)).json())
  return Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
}

describe('the control API', () => {
  it('answers anything at any route with a result or a coded refusal, and goes on', async () => {
    await using cloud = await startTestCloud({
      'database-rules/c.json': {},
      'cloudfunctions/one/index.js': 'exports.main = () => 1',
    })
    const operations = await operationsOf(cloud.url)
    expect(operations.length).toBeGreaterThan(30)
    for (const { method, path } of operations) {
      for (const [index, body] of bodies.entries()) {
        const parameter = ['one', 'c', '%00', '..%2F..', 'constructor'][index % 5] ?? ''
        const address = `${cloud.url}${path.replace(/\{\w+\}/g, parameter)}?limit=${index - 3}&mode=x`
        const answer = await fetch(address, { method, body: method === 'GET' ? undefined : body })
        const text = await answer.text()
        const what = `${method} ${address} ${body} -> ${answer.status} ${text.slice(0, 200)}`
        expect(answer.status, what).toBeLessThan(500)
        if (!answer.ok)
          expect(JSON.parse(text), what).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) })
      }
    }
    expect(await cloud.call('one', {}, 'buyer1')).toBe(1)
    expect(cloud.log.recent(({ message }) => message.includes('internal'))).toEqual([])
  })
})
