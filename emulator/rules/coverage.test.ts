import { describe, expect, it } from 'vitest'
import { toLcov } from './index.ts'
import { isAllowed, me, nobody, rulesUnderTest } from './test-support/rules-under-test.ts'

const rule = { read: 'auth != null && (doc.a == 1 || doc.b == auth.openid)', write: false }

describe('coverage of rules', () => {
  it('counts each part: true, not true, failed, and never reached', async () => {
    const { rules } = rulesUnderTest({ things: rule })
    await isAllowed(rules.read('things', { a: 1 }, me))
    await isAllowed(rules.read('things', { a: 2 }, me))
    await isAllowed(rules.read('things', {}, nobody))
    const [read] = rules.coverage().rules
    expect(read?.parts.map(({ text, times, unreached }) => [text, times, unreached])).toEqual([
      ['auth != null && (doc.a == 1 || doc.b == auth.openid)', { true: 1, false: 2, error: 0 }, []],
      ['auth != null', { true: 2, false: 1, error: 0 }, []],
      ['(doc.a == 1 || doc.b == auth.openid)', { true: 1, false: 1, error: 0 }, []],
      ['doc.a == 1', { true: 1, false: 1, error: 0 }, []],
      ['doc.b == auth.openid', { true: 0, false: 1, error: 0 }, ['true']],
    ])
  })

  it('lists rules that nobody asked', () => {
    const { rules } = rulesUnderTest({ things: rule })
    const files = {
      collections: [{ name: 'things', permission: 'CUSTOM' as const, rule }],
      storage: undefined,
    }
    const unasked = rules
      .coverage(files)
      .rules.map(({ operation, parts }) => [operation, parts[0]?.unreached])
    expect(unasked).toEqual([
      ['read', ['true', 'false']],
      ['write', ['false']],
    ])
  })

  it('is written as LCOV, each part as a pair of branches on the line of its operation', async () => {
    const { rules } = rulesUnderTest({ things: { read: 'doc.a == 1', write: false } })
    await isAllowed(rules.read('things', { a: 1 }, me))
    await isAllowed(rules.create('things', {}, me))
    const lcov = toLcov(rules.coverage(), (_, operation) => (operation === 'read' ? 3 : 4))
    expect(lcov).toBe(
      `${[
        'SF:database-rules/things.json',
        'BRDA:3,0,0,1',
        'BRDA:3,0,1,0',
        'BRDA:4,0,1,1',
        'BRF:3',
        'BRH:2',
        'DA:3,1',
        'DA:4,1',
        'LF:2',
        'LH:2',
        'end_of_record',
      ].join('\n')}\n`,
    )
  })
})
