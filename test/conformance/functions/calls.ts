import { expect } from 'vitest'
import type { Failure } from '../database/case.ts'

/** One `callFunction` from inside the cloud, and what comes of it. The called functions lie in `project/`. */
export interface CallCase {
  name: string
  call: { name: string; data?: object }
  returns?: unknown
  fails?: Failure
}

const ok = (result: unknown) => ({ result, errMsg: 'callFunction:ok', requestID: expect.any(String) })
const appId = expect.any(String)

export const callCases: CallCase[] = [
  {
    name: 'an object comes back, with the userInfo that the platform adds: an app, no user',
    call: { name: 'echo', data: { a: 1, n: { list: [1, null] } } },
    returns: ok({ a: 1, n: { list: [1, null] }, userInfo: { appId } }),
  },
  {
    name: 'data may be left away',
    call: { name: 'echo' },
    returns: ok({ userInfo: { appId } }),
  },
  {
    name: 'undefined in data does not travel, and a date travels as text',
    call: { name: 'echo', data: { gone: undefined, at: new Date(0) } },
    returns: ok({ at: '1970-01-01T00:00:00.000Z', userInfo: { appId } }),
  },
  {
    name: 'a forged userInfo is overwritten',
    call: { name: 'echo', data: { userInfo: { openId: 'forged', appId: 'forged' } } },
    returns: ok({ userInfo: { appId: expect.not.stringMatching('forged') } }),
  },
  {
    name: 'a text comes back as a text',
    call: { name: 'text', data: { text: 'hello' } },
    returns: ok('hello'),
  },
  {
    name: 'a text that is JSON comes back parsed: the SDK parses twice',
    call: { name: 'text', data: { text: '{"a":1}' } },
    returns: ok({ a: 1 }),
  },
  {
    name: 'null comes back as null',
    call: { name: 'text', data: { text: null } },
    returns: ok(null),
  },
  {
    name: 'a function that returns nothing gives null',
    call: { name: 'nothing' },
    returns: ok(null),
  },
  {
    name: 'a function that throws rejects with its message and keeps the code',
    call: { name: 'broken' },
    fails: { errCode: -1, errMsg: /^callFunction:fail .*broken on purpose/s, code: 'FUNCTIONS_EXECUTE_FAIL' },
  },
  {
    name: 'a function that does not exist rejects',
    call: { name: 'missing' },
    fails: { errCode: -1, errMsg: /^callFunction:fail ./, code: 'FUNCTION_NOT_FOUND' },
  },
  {
    name: 'a name that is no text is refused before anything is sent',
    call: { name: 7 as unknown as string },
    fails: { errCode: -1, errMsg: 'parameter.name should be string instead of number;', code: null },
  },
  {
    name: 'data that is no object is refused before anything is sent',
    call: { name: 'echo', data: [1] },
    fails: { errCode: -1, errMsg: 'parameter.data should be object instead of array;', code: null },
  },
]
