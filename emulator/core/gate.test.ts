import { describe, expect, it } from 'vitest'
import { createGate } from './gate.ts'

/** Work whose end the test decides. */
function task() {
  let finish = () => {}
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { finish: () => finish(), run: () => ended }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a gate', () => {
  it('lets one be alone only when all who passed are done, and holds back who comes meanwhile', async () => {
    const gate = createGate()
    const done: string[] = []
    const [first, lone] = [task(), task()]
    const one = gate.pass(first.run).then(() => done.push('passed'))
    const two = gate.alone(async () => {
      done.push('alone begins')
      await lone.run()
      done.push('alone ends')
    })
    const three = gate.pass(async () => done.push('held back'))
    await turn()
    expect(done).toEqual([])
    first.finish()
    await turn()
    expect(done).toEqual(['passed', 'alone begins'])
    lone.finish()
    await Promise.all([one, two, three])
    expect(done).toEqual(['passed', 'alone begins', 'alone ends', 'held back'])
  })

  it('never has two who are alone at once', async () => {
    const gate = createGate()
    let inside = 0
    let most = 0
    const alone = () =>
      gate.alone(async () => {
        inside += 1
        most = Math.max(most, inside)
        await turn()
        inside -= 1
      })
    await Promise.all([alone(), alone(), gate.pass(turn), alone()])
    expect([most, inside]).toEqual([1, 0])
  })

  it('goes on after work that failed', async () => {
    const gate = createGate()
    const failing = async () => Promise.reject(new Error('no'))
    await expect(gate.pass(failing)).rejects.toThrow('no')
    await expect(gate.alone(failing)).rejects.toThrow('no')
    expect(await gate.alone(async () => 1)).toBe(1)
    expect(await gate.pass(async () => 2)).toBe(2)
  })

  it('waits for a bounded time only', async () => {
    const gate = createGate(1)
    const stuck = task()
    const passing = gate.pass(stuck.run)
    expect(await gate.alone(async () => 'alone')).toBe('alone')
    stuck.finish()
    await passing
    expect(await gate.alone(async () => 'again')).toBe('again')
  })
})
