/** How nodes count votes, and what their policies do, on the machine alone. */
import { describe, expect, it } from 'vitest'
import { flowOf } from '../definition/graph.ts'
import { type ContentInput, contentSchema } from '../definition/model.ts'
import { approveNode, endNode, inRow, startNode } from '../office.fixture.ts'
import { activeTasks } from './vote.ts'
import { managersOf, openWorld, tryAct, type World } from './world.fixture.ts'

type ApproveInput = ReturnType<typeof approveNode>
const HOUR_MS = 3_600_000

function begin(content: ContentInput, chosen: string[] = []): World {
  const fields: ContentInput['fields'] = [{ name: 'amount', title: 'Amount', kind: 'number' }]
  return openWorld(flowOf(contentSchema.parse({ ...content, fields })), { amount: 1, chosen })
}
const one = (users: string[], more: Partial<ApproveInput> = {}) =>
  begin(inRow(approveNode('a', users, '', more)))

function turn({ instance, flow }: World) {
  return instance.tokens.flatMap(({ tasks, nodeId }) => {
    const node = flow.get(nodeId)
    return node.kind === 'approve' ? activeTasks(tasks, node.voting) : tasks
  })
}
const asked = (world: World) => turn(world).map(({ userId }) => userId)

function decide(world: World, userId: string, kind: 'approve' | 'reject' = 'approve'): void {
  const task = turn(world).find((open) => open.userId === userId)
  expect(tryAct(world, { kind, taskId: task?.id ?? -1 }, userId)).toBeUndefined()
}
const wait = (world: World, ms: number) => {
  world.nowMs += ms
  return tryAct(world, { kind: 'tick' }, 'timer')
}

describe('votes', () => {
  it('of all: the last approval approves, the first rejection rejects', () => {
    const world = one(['u1', 'u2'])
    decide(world, 'u1')
    expect(world.instance.status).toBe('running')
    decide(world, 'u2')
    expect(world.instance.status).toBe('approved')
    const other = one(['u1', 'u2'])
    decide(other, 'u2', 'reject')
    expect(other.instance.status).toBe('rejected')
  })

  it('by ratio: as soon as it is reached, or out of reach', () => {
    const voting = { mode: 'ratio' as const, percent: 60 }
    const world = one(['u1', 'u2', 'u3', 'u4', 'u5'], { voting })
    decide(world, 'u1', 'reject')
    decide(world, 'u2')
    decide(world, 'u3', 'reject')
    decide(world, 'u4')
    expect(world.instance.status).toBe('running')
    decide(world, 'u5')
    expect(world.instance.status).toBe('approved')
    const other = one(['u1', 'u2', 'u3'], { voting })
    decide(other, 'u1', 'reject')
    expect(other.instance.status).toBe('running')
    decide(other, 'u2', 'reject')
    expect(other.instance.status).toBe('rejected')
  })

  it('by whoever is first', () => {
    const world = one(['u1', 'u2'], { voting: { mode: 'any' } })
    decide(world, 'u2')
    expect(world.instance.status).toBe('approved')
  })

  it('one after the other', () => {
    const world = one(['u2', 'u1', 'u3'], { voting: { mode: 'sequence' } })
    const order: string[] = []
    while (world.instance.status === 'running') {
      expect(asked(world)).toHaveLength(1)
      order.push(...asked(world))
      decide(world, asked(world)[0] ?? '')
    }
    expect(order).toEqual(['u2', 'u1', 'u3'])
  })
})

describe('a node that finds nobody', () => {
  const nobody = { candidates: [{ by: 'initiator-chooses' as const, max: 5 }] }
  it.each<[ApproveInput['empty'], string, string[]]>([
    [{ then: 'pass' }, 'approved', []],
    [{ then: 'reject' }, 'rejected', []],
    [{ then: 'assign', userIds: ['u3'] }, 'running', ['u3']],
    [{ then: 'admin' }, 'running', ['admin']],
  ])('%j', (empty, status, people) => {
    const world = one([], { ...nobody, empty })
    expect([world.instance.status, asked(world)]).toEqual([status, people])
  })
})

describe('a node that would ask the initiator', () => {
  it.each<[NonNullable<ApproveInput['self']>, string[]]>([
    ['ask', ['u0', 'u5']],
    ['pass', ['u5']],
    ['manager', ['u5', 'u1']],
    ['admin', ['u5', 'admin']],
  ])('with %s asks %j', (self, people) => {
    expect(asked(one(['u0', 'u5'], { self }))).toEqual(people)
  })

  it('is not gone around by handing a task to the initiator', () => {
    const world = one(['u5'], { self: 'manager' })
    const taskId = turn(world)[0]?.id ?? 0
    expect(tryAct(world, { kind: 'transfer', taskId, toUser: 'u0' }, 'u5')).toBe('SIGNER_UNFIT')
    expect(tryAct(world, { kind: 'delegate', taskId, toUser: 'u0' }, 'u5')).toBe('SIGNER_UNFIT')
    const before = { kind: 'add-signers' as const, taskId, place: 'before' as const, userIds: ['u0'] }
    expect(tryAct(world, before, 'u5')).toBe('SIGNER_UNFIT')
  })
})

describe('somebody who approved before', () => {
  const three = (repeated: NonNullable<ApproveInput['repeated']>) => {
    const world = begin(
      inRow(
        approveNode('a', ['u1'], ''),
        approveNode('b', ['u2'], ''),
        approveNode('c', ['u1', 'u2'], '', { repeated }),
      ),
    )
    decide(world, 'u1')
    decide(world, 'u2')
    return world
  }
  it('is asked again, or not, or not right after', () => {
    expect(asked(three('ask'))).toEqual(['u1', 'u2'])
    expect(three('pass').instance.status).toBe('approved')
    expect(asked(three('adjacent'))).toEqual(['u1'])
  })
})

describe('a node without an answer in time', () => {
  const unanswered = (then: 'remind' | 'approve' | 'reject' | 'escalate') =>
    one(['u1', 'u6'], { timeout: { afterMs: HOUR_MS, then } })

  it('reminds, again and again', () => {
    const world = unanswered('remind')
    expect(wait(world, HOUR_MS - 1)).toBe('APPROVAL_STATE')
    for (const ms of [1, HOUR_MS]) {
      expect(wait(world, ms)).toBeUndefined()
      expect(world.effects.at(-1)).toEqual({ kind: 'urged', userIds: ['u1', 'u6'] })
    }
  })

  it('approves or rejects, and says that time did', () => {
    const approved = unanswered('approve')
    decide(approved, 'u1')
    wait(approved, HOUR_MS)
    expect(approved.instance.status).toBe('approved')
    expect(approved.effects).toContainEqual(
      expect.objectContaining({ task: expect.objectContaining({ userId: 'u6', auto: 'timeout' }) }),
    )
    const rejected = unanswered('reject')
    wait(rejected, HOUR_MS)
    expect(rejected.instance.status).toBe('rejected')
  })

  it('asks the managers of those who are asked', () => {
    const world = unanswered('escalate')
    decide(world, 'u6')
    wait(world, HOUR_MS)
    expect(asked(world)).toEqual(['u2'])
    wait(world, HOUR_MS)
    expect(asked(world)).toEqual(['u3'])
  })
})

describe('a webhook', () => {
  it('that was being called when its caller died is called again, and the late answer is not taken', () => {
    const node = {
      id: 'hook',
      kind: 'webhook' as const,
      title: 'hook',
      url: 'https://partner.example.com/',
      next: 'end',
    }
    const world = begin({ title: 'Hook', fields: [], nodes: [startNode('hook'), node, endNode] })
    const tokenId = world.instance.tokens[0]?.id ?? 0
    const called = (tries: number) => tryAct(world, { kind: 'called', tokenId, tries, ok: true }, 'timer')
    expect(wait(world, 0)).toBeUndefined()
    expect(wait(world, 60_000)).toBe('APPROVAL_STATE')
    expect(wait(world, 60_000)).toBeUndefined()
    expect(world.effects.filter(({ kind }) => kind === 'call')).toMatchObject([{ tries: 1 }, { tries: 2 }])
    expect(called(1)).toBe('APPROVAL_STATE')
    expect(called(2)).toBeUndefined()
    expect(world.instance.status).toBe('approved')
    expect(called(2)).toBe('APPROVAL_STATE')
  })
})

describe('a node that turns down', () => {
  it('sends it back to the initiator when it is drawn so', () => {
    const world = one(['u1'], { rejected: 'initiator' })
    decide(world, 'u1', 'reject')
    expect([world.instance.status, asked(world)]).toEqual(['running', ['u0']])
  })
})

describe('somebody who leaves', () => {
  const gone = (world: World, userId: string) => {
    world.left.add(userId)
    return tryAct(world, { kind: 'leave', userId, managers: managersOf(userId) }, 'timer')
  }

  it('gives way to the manager who is not asked yet, then to an administrator', () => {
    const world = one(['u5', 'u6', 'u7'])
    gone(world, 'u5')
    expect(asked(world)).toEqual(['admin', 'u6', 'u7'])
    const other = one(['u1'])
    gone(other, 'u1')
    expect(asked(other)).toEqual(['u2'])
  })

  it('leaves an empty seat when there is nobody: the others decide', () => {
    const world = one(['u7', 'u1'])
    world.left.add('admin')
    decide(world, 'u1')
    gone(world, 'u7')
    expect(world.instance.status).toBe('approved')
  })

  it('leaves it to the policy for nobody when there are no others', () => {
    const world = one(['u7'], { empty: { then: 'pass' } })
    world.left.add('admin')
    gone(world, 'u7')
    expect(world.instance.status).toBe('approved')
  })

  it('gives back what was lent to them; what they lent stays lent', () => {
    const lend = () => {
      const world = one(['u1'])
      tryAct(world, { kind: 'delegate', taskId: turn(world)[0]?.id ?? 0, toUser: 'u4' }, 'u1')
      return world
    }
    const helper = lend()
    gone(helper, 'u4')
    expect(asked(helper)).toEqual(['u1'])
    const lender = lend()
    gone(lender, 'u1')
    expect(asked(lender)).toEqual(['u4'])
    tryAct(lender, { kind: 'give-back', taskId: turn(lender)[0]?.id ?? 0 }, 'u4')
    expect(asked(lender)).toEqual(['u2'])
  })

  it('is replaced in every branch', () => {
    const world = begin(branches())
    gone(world, 'u1')
    expect(asked(world)).toEqual(['u2', 'u2'])
  })

  it('ends what waits for them to send it in again', () => {
    const world = one(['u1'], { rejected: 'initiator' })
    decide(world, 'u1', 'reject')
    gone(world, 'u0')
    expect(world.instance.status).toBe('withdrawn')
  })
})

/** `before`, then `left` (two nodes) beside `right`, then `after`. */
function branches(): ContentInput {
  return {
    title: 'Branches',
    fields: [],
    nodes: [
      startNode('fork'),
      { id: 'fork', kind: 'parallel', title: 'fork', branches: ['left', 'right'], join: 'join' },
      approveNode('left', ['u1'], 'left-2'),
      approveNode('left-2', ['u3'], 'join'),
      approveNode('right', ['u1'], 'join'),
      { id: 'join', kind: 'join', next: 'after' },
      approveNode('after', ['u5'], 'end'),
      endNode,
    ],
  }
}

describe('a return', () => {
  const nodes = (world: World) => world.instance.tokens.map(({ nodeId }) => nodeId)
  const at = (world: World, nodeId: string) =>
    world.instance.tokens.find((token) => token.nodeId === nodeId)?.tasks[0] ?? { id: 0, userId: '' }
  const back = (world: World, from: string, toNode: string) => {
    const { id: taskId, userId } = at(world, from)
    return tryAct(world, { kind: 'return', taskId, toNode }, userId)
  }
  const pass = (world: World, nodeId: string) => {
    const { id: taskId, userId } = at(world, nodeId)
    expect(tryAct(world, { kind: 'approve', taskId }, userId)).toBeUndefined()
  }

  it('within a branch leaves the other branch alone', () => {
    const world = begin(branches())
    pass(world, 'left')
    expect(back(world, 'left-2', 'left')).toBeUndefined()
    expect(nodes(world).sort()).toEqual(['left', 'right'])
  })

  it('out of a branch ends the other branches with it', () => {
    const world = begin(branches())
    pass(world, 'left')
    expect(back(world, 'left-2', 'start')).toBeUndefined()
    expect([nodes(world), world.instance.gates]).toEqual([['start'], []])
  })

  it('into a parallel that was left behind begins all of its branches again', () => {
    const world = begin(branches())
    for (const nodeId of ['right', 'left', 'left-2']) pass(world, nodeId)
    expect(back(world, 'after', 'left-2')).toBeUndefined()
    expect(nodes(world).sort()).toEqual(['left', 'right'])
    for (const nodeId of ['right', 'left', 'left-2', 'after']) pass(world, nodeId)
    expect(world.instance.status).toBe('approved')
  })

  it('to a node beside, or one not passed, is refused', () => {
    const world = begin(branches())
    pass(world, 'right')
    for (const target of ['right', 'left', 'left-2', 'after', 'join'])
      expect(back(world, 'left', target)).toBe('RETURN_TARGET')
  })

  it('makes approvals after its target count no more', () => {
    const world = begin(
      inRow(
        approveNode('a', ['u1'], ''),
        approveNode('b', ['u2'], ''),
        approveNode('c', ['u1'], '', { repeated: 'pass' }),
      ),
    )
    pass(world, 'a')
    expect(back(world, 'b', 'a')).toBeUndefined()
    expect(world.instance.approvals).toEqual([])
  })
})
