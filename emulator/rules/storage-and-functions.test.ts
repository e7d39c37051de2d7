import { describe, expect, it } from 'vitest'
import { assertRules, RuleError } from './index.ts'
import {
  anonymous,
  isAllowed,
  me,
  nobody,
  other,
  rulesUnderTest,
  webUser,
} from './test-support/rules-under-test.ts'

const mine = { path: 'a/b.png', openid: 'me' }
const servers = { path: 'a/b.png' }

describe('files', () => {
  it('are read by all and written by their creator when no file says otherwise', async () => {
    const { rules } = rulesUnderTest({})
    expect(await isAllowed(rules.readFile(mine, nobody))).toBe(true)
    expect(await isAllowed(rules.writeFile('a/b.png', undefined, me))).toBe(true)
    expect(await isAllowed(rules.writeFile('a/b.png', mine, me))).toBe(true)
    expect(await isAllowed(rules.writeFile('a/b.png', mine, other))).toBe(false)
    expect(await isAllowed(rules.writeFile('a/b.png', servers, me))).toBe(false)
    expect(await isAllowed(rules.writeFile('a/b.png', undefined, nobody))).toBe(false)
  })

  it('follow a custom rule, by owner, login and path', async () => {
    const { rules, log } = rulesUnderTest({
      storage: {
        permission: 'CUSTOM',
        rule: {
          read: '/^public\\//.test(resource.path) == true || resource.openid == auth.openid',
          write:
            "auth.loginType != 'ANONYMOUS' && (resource.openid == auth.openid || resource.openid == auth.uid)",
        },
      },
    })
    expect(await isAllowed(rules.readFile({ path: 'public/x.png' }, nobody))).toBe(true)
    expect(await isAllowed(rules.readFile(mine, other))).toBe(false)
    expect(log.recent()[0]?.message).toContain('rule.read of storage-rules.json')
    expect(await isAllowed(rules.writeFile('a/b.png', undefined, webUser))).toBe(true)
    expect(await isAllowed(rules.writeFile('a/b.png', undefined, anonymous))).toBe(false)
    expect(await isAllowed(rules.writeFile('a/b.png', servers, webUser))).toBe(false)
    expect(await isAllowed(rules.writeFile('a/b.png', mine, webUser))).toBe(false)
  })
})

describe('functions', () => {
  const code = (call: () => void): unknown => {
    try {
      call()
    } catch (error) {
      return Object(error).code
    }
    return 'called'
  }

  it('are called by whoever has logged in when no file says otherwise', () => {
    const { rules } = rulesUnderTest({})
    expect(code(() => rules.invokeFunction('order', me))).toBe('called')
    expect(code(() => rules.invokeFunction('order', anonymous))).toBe('called')
    expect(code(() => rules.invokeFunction('order', undefined))).toBe('PERMISSION_DENIED')
    expect(code(() => rules.invokeFunction('order', nobody))).toBe('PERMISSION_DENIED')
  })

  it('follow their own entry before the one for all', () => {
    const { rules, log } = rulesUnderTest({
      functions: {
        '*': { invoke: "auth.loginType != 'ANONYMOUS' && auth != null" },
        open: { invoke: true },
        job: { invoke: false },
      },
    })
    expect(code(() => rules.invokeFunction('open', undefined))).toBe('called')
    expect(code(() => rules.invokeFunction('job', me))).toBe('PERMISSION_DENIED')
    expect(log.recent()[0]?.message).toBe('call of job refused: job.invoke of function-rules.json is false')
    expect(code(() => rules.invokeFunction('other', anonymous))).toBe('PERMISSION_DENIED')
    expect(code(() => rules.invokeFunction('other', webUser))).toBe('called')
    expect(code(() => rules.invokeFunction('toString', anonymous))).toBe('PERMISSION_DENIED')
  })
})

describe('rules that cannot be used', () => {
  const all = { collections: [], storage: undefined, functions: undefined }

  it.each([
    [
      { ...all, collections: [{ name: 'a', permission: 'CUSTOM', rule: { read: 'doc.x =' } }] },
      'database-rules/a.json: rule.read, column 7:',
    ],
    [
      { ...all, collections: [{ name: 'a', permission: 'CUSTOM', rule: { get: true } }] },
      'rule.get: there is no such operation',
    ],
    [
      { ...all, collections: [{ name: 'a', permission: 'CUSTOM', rule: { read: 1 } }] },
      'must be true, false or an expression',
    ],
    [{ ...all, collections: [{ name: 'a', permission: 'CUSTOM' }] }, 'CUSTOM needs a rule'],
    [
      { ...all, storage: { permission: 'CUSTOM', rule: { read: 'doc.x == 1' } } },
      'storage-rules.json: rule.read, column 1: there is no doc here',
    ],
    [{ ...all, functions: { a: { invoke: true } } }, 'expected an entry "*"'],
    [{ ...all, functions: { '*': { invoke: 'auth.uid != null' } } }, '*.invoke must be true, false'],
  ] as const)('are named with file and place: %j', (files, message) => {
    expect(() => assertRules(files)).toThrow(RuleError)
    expect(() => assertRules(files)).toThrow(message)
  })
})
