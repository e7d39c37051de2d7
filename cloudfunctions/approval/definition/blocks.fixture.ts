/** Definitions at random, right by construction: blocks in series, in parallel and behind conditions, laid out as nodes. */
import fc from 'fast-check'
import { type ApproveNode, type Candidate, type Content, type ContentInput, contentSchema } from './model.ts'

export const PEOPLE = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']
export const INITIATOR = 'u0'

type Asking = Omit<ApproveNode, 'id' | 'next' | 'kind' | 'title'>
type Block =
  | { block: 'approve'; asking: Asking }
  | { block: 'cc'; userIds: string[] }
  | { block: 'condition'; branches: Block[][]; otherwise: Block[] }
  | { block: 'parallel'; branches: Block[][] }
  | { block: 'delay' }
  | { block: 'webhook'; failed: 'continue' | 'reject' }
  | { block: 'subflow'; rejected: 'end' | 'continue' }

const people = fc.subarray(PEOPLE, { minLength: 1, maxLength: 4 })
const asking: fc.Arbitrary<Asking> = fc.record<Asking>({
  voting: fc.oneof(
    fc.constantFrom({ mode: 'all' as const }, { mode: 'any' as const }, { mode: 'sequence' as const }),
    fc.integer({ min: 1, max: 100 }).map((percent) => ({ mode: 'ratio' as const, percent })),
  ),
  candidates: fc.oneof(
    { weight: 6, arbitrary: people.map((userIds): Candidate[] => [{ by: 'users', userIds }]) },
    { weight: 1, arbitrary: fc.constant<Candidate[]>([{ by: 'initiator-chooses', max: 5 }]) },
    { weight: 1, arbitrary: fc.constant<Candidate[]>([{ by: 'initiator' }]) },
  ),
  empty: fc.oneof(
    fc.constantFrom({ then: 'pass' as const }, { then: 'reject' as const }, { then: 'admin' as const }),
    people.map((userIds) => ({ then: 'assign' as const, userIds })),
  ),
  self: fc.constantFrom('ask', 'pass', 'manager', 'admin'),
  repeated: fc.constantFrom('ask', 'ask', 'pass', 'adjacent'),
  timeout: fc.option(
    fc.record({
      afterMs: fc.constant(3_600_000),
      then: fc.constantFrom('remind', 'approve', 'reject', 'escalate'),
    }),
    { nil: undefined },
  ),
  rejected: fc.constantFrom('end', 'initiator'),
})

const { series } = fc.letrec<{ series: Block[]; block: Block }>((tie) => ({
  series: fc.array(tie('block'), { maxLength: 3, depthIdentifier: 'blocks' }),
  block: fc.oneof(
    { depthSize: 'small', depthIdentifier: 'blocks', maxDepth: 2 },
    { weight: 8, arbitrary: asking.map((how): Block => ({ block: 'approve', asking: how })) },
    { weight: 1, arbitrary: people.map((userIds): Block => ({ block: 'cc', userIds })) },
    { weight: 1, arbitrary: fc.constant<Block>({ block: 'delay' }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('continue' as const, 'reject' as const)
        .map((failed): Block => ({ block: 'webhook', failed })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('end' as const, 'continue' as const)
        .map((rejected): Block => ({ block: 'subflow', rejected })),
    },
    {
      weight: 3,
      arbitrary: fc
        .array(tie('series'), { minLength: 2, maxLength: 3, depthIdentifier: 'blocks' })
        .map((branches): Block => ({ block: 'parallel', branches })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.array(tie('series'), { minLength: 1, maxLength: 2, depthIdentifier: 'blocks' }),
          tie('series'),
        )
        .map(([branches, otherwise]): Block => ({ block: 'condition', branches, otherwise })),
    },
  ),
}))

/** At least one node that asks somebody, so that there is something to do. */
export const randomContent: fc.Arbitrary<Content> = fc
  .tuple(asking, series, fc.constantFrom('always', 'before-first-decision', 'never'))
  .map(([first, rest, withdraw]) => layOut([{ block: 'approve', asking: first }, ...rest], withdraw))

function layOut(blocks: readonly Block[], withdraw: string): Content {
  const nodes: unknown[] = []
  let made = 0
  const name = (kind: string) => {
    made += 1
    return `${kind}-${made}`
  }
  /** Lays a series out so that it leads to `next`, and says where it begins. */
  const lay = (all: readonly Block[], next: string): string =>
    all.reduceRight((after, block) => layBlock(block, after), next)

  function layBlock(block: Block, next: string): string {
    const id = name(block.block)
    const node = { id, kind: block.block, title: id, next }
    switch (block.block) {
      case 'approve':
        nodes.push({ ...node, ...block.asking })
        return id
      case 'cc':
        nodes.push({ ...node, candidates: [{ by: 'users', userIds: block.userIds }] })
        return id
      case 'delay':
        nodes.push({ ...node, forMs: 3_600_000 })
        return id
      case 'webhook':
        nodes.push({ ...node, url: 'https://partner.example.com/hook', failed: block.failed })
        return id
      case 'subflow':
        nodes.push({ ...node, definitionKey: 'inner', rejected: block.rejected })
        return id
      case 'parallel': {
        const join = name('join')
        nodes.push({ id: join, kind: 'join', next })
        const branches = block.branches.map((branch) => lay(branch, join))
        nodes.push({ id, kind: 'parallel', title: id, branches, join })
        return id
      }
      case 'condition': {
        const branches = block.branches.map((branch, i) => ({
          title: `up to ${i}`,
          when: { field: 'amount', is: 'lte', value: i },
          next: lay(branch, next),
        }))
        nodes.push({ id, kind: 'condition', title: id, branches, otherwise: lay(block.otherwise, next) })
        return id
      }
    }
  }

  const first = lay(blocks, 'end')
  return contentSchema.parse({
    title: 'Random',
    fields: [{ name: 'amount', title: 'Amount', kind: 'number' }],
    nodes: [{ id: 'start', kind: 'start', next: first }, ...nodes, { id: 'end', kind: 'end' }],
    withdraw,
  } satisfies Record<keyof ContentInput & ('title' | 'fields' | 'nodes' | 'withdraw'), unknown>)
}
