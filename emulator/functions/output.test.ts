import { describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing/project.ts'

/** What `name` has in the log, oldest first. */
function linesOf(cloud: TestCloud, name: string): string[] {
  const lines = cloud.log.recent(({ fields }) => fields?.function === name, 5_000)
  return lines.reverse().map(({ message }) => message)
}

describe('what a function prints', () => {
  it('filled the memory of the local cloud when a loop printed without end', async () => {
    await using cloud = await startTestCloud({
      flood: `exports.main = async ({ isShort }) => {
        if (isShort) return console.log('a new call may print again')
        for (;;) console.log('x'.repeat(1_000))
      }`,
      'cloudbaserc.json': { functions: [{ name: 'flood', timeout: 1 }] },
    })
    expect((await cloud.post('flood', {})).body.errCode).toBe(-504003)
    const printed = linesOf(cloud, 'flood')
    expect(printed.filter((line) => line.startsWith('xxx')).length).toBeLessThan(1_001)
    expect(printed.filter((line) => line.includes('the rest is not kept'))).toHaveLength(1)
    await cloud.post('flood', { isShort: true })
    expect(linesOf(cloud, 'flood')).toContain('a new call may print again')
  })

  it('told with every new instance that the SDK is not installed', async () => {
    await using cloud = await startTestCloud({
      ask: `require('wx-server-sdk'); exports.main = async () => new Promise((done) => setTimeout(done, 50))`,
    })
    for (const _ of [1, 2]) {
      await Promise.all([1, 2].map(() => cloud.call('ask', {}, 'buyer1')))
      cloud.write('ask', `require('wx-server-sdk'); exports.main = async () => 'changed'`)
    }
    expect(linesOf(cloud, 'ask').filter((line) => line.includes('not installed'))).toHaveLength(1)
  })

  it('said nothing of an error that came after the function had returned', async () => {
    await using cloud = await startTestCloud({
      late: `exports.main = async () => { setTimeout(() => { throw new Error('too late') }, 5); return 1 }`,
      leaves: `exports.main = async () => { setTimeout(() => process.exit(3), 5); return 1 }`,
    })
    const told = (name: string, words: string) =>
      new Promise<void>((resolve) => {
        cloud.log.subscribe(({ fields, level, message }) => {
          if (level === 'error' && fields?.function === name && message.includes(words)) resolve()
        })
      })
    const both = [told('late', 'Error: too late'), told('leaves', 'exited with code 3')]
    expect([await cloud.call('late', {}, 'buyer1'), await cloud.call('leaves', {}, 'buyer1')]).toEqual([1, 1])
    await Promise.all(both)
  })
})
