import { describe, expect, it } from 'vitest'
import { SDK, startTestCloud } from '../testing/project.ts'
import { boundedPattern } from './pattern.ts'

describe('a pattern that never ends', () => {
  it.each(['^(a+)+$', '^(a|a)*$', '^(a{1,})+$', 'a*a*a*a*a*a*b$', '^(?:[a-z]+)*$'])(
    'is given up: %s',
    (source) => {
      expect(() => boundedPattern(new RegExp(source)).test(`${'a'.repeat(400)}!`)).toThrow('takes too long')
    },
  )

  it('stopped the cloud, Ctrl-C included, when a query or a pipeline had one', async () => {
    await using cloud = await startTestCloud({
      'database-rules/c.json': {},
      'cloudbaserc.json': { functions: [{ name: 'find', timeout: 20 }] },
      find: `${SDK} const db = cloud.database(), $ = db.command.aggregate, c = db.collection('c')
        const refusal = ({ errMsg }) => errMsg
        exports.main = async () => {
          await c.add({ data: { text: 'a'.repeat(40) + 'b' } })
          const regexp = '^(a+)+$'
          return Promise.all([
            c.where({ text: db.RegExp({ regexp }) }).get().catch(refusal),
            c.aggregate().project({ is: { $regexMatch: { input: '$text', regex: regexp } } }).end().catch(refusal),
          ])
        }`,
    })
    const words = expect.stringContaining('Regular expression takes too long')
    expect(await cloud.call('find', {}, 'buyer1')).toEqual([words, words])
  })
})

describe('a field name with a null byte', () => {
  it('was stored, and no query could read the collection any more', async () => {
    await using cloud = await startTestCloud({
      'database-rules/c.json': {},
      add: `${SDK} exports.main = async () => cloud.database().collection('c')
        .add({ data: { in: { ['a\\0b']: 1 } } }).catch(({ errMsg }) => errMsg)`,
    })
    expect(await cloud.call('add', {}, 'buyer1')).toContain('null byte')
  })
})
