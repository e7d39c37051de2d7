/** The demo's shared documents: minutes that two people write, and a plan with a version to go back to. */
import * as Y from 'yjs'

/** Calls a route as a demo user, with a request id that is the same on every run. */
type Call = <T>(user: string, route: string, data: unknown, label?: string) => Promise<T>

interface Demo {
  title: string
  owner: string
  others: { user: string; role: 'editor' | 'viewer' }[]
  /** Each line by whoever writes it, one after the other. */
  lines: [user: string, line: string][]
  /** Kept as a version after so many lines. */
  version?: { name: string; afterLines: number }
}

const demos: Demo[] = [
  {
    title: '周会纪要',
    owner: 'author1',
    others: [
      { user: 'buyer1', role: 'editor' },
      { user: 'buyer2', role: 'viewer' },
    ],
    lines: [
      ['author1', '一、春茶上架：周三前拍完图。'],
      ['buyer1', '二、秒杀活动：库存已备 200 件。'],
      ['author1', '三、售后：本周两单，已处理。'],
      ['buyer1', '负责人：小满。'],
    ],
  },
  {
    title: '端午活动方案',
    owner: 'manager1',
    others: [{ user: 'author1', role: 'editor' }],
    lines: [
      ['manager1', '主题：端午安康。'],
      ['manager1', '时间：农历五月初一至初五。'],
      ['author1', '文案：一叶艾香，一盏清茶。'],
      ['manager1', '预算：待定。'],
    ],
    version: { name: '初稿', afterLines: 3 },
  },
]

/** Needs `seedPeople`. Runs again from the beginning when it was cut short: what was sent before is known again. */
export async function seedCollab(call: Call): Promise<void> {
  for (const demo of demos) {
    const { owner, title, others, lines, version } = demo
    const { documentId } = await call<{ documentId: string }>(owner, 'collab/create', { title }, title)
    for (const { user, role } of others) {
      const { code } = await call<{ code: string }>(owner, 'collab/invite', { documentId, role })
      await call(user, 'collab/join', { code })
    }
    const doc = new Y.Doc()
    const clocks = new Map<string, number>()
    for (const [at, [user, line]] of lines.entries()) {
      const clock = (clocks.get(user) ?? 0) + 1
      clocks.set(user, clock)
      const update = written(doc, { clientNumber: at + 1, line })
      await call(user, 'collab/push', { documentId, clientId: `demo-${user}`, clock, update })
      if (version?.afterLines === at + 1) {
        await call(owner, 'collab/saveVersion', { documentId, name: version.name }, title)
      }
    }
  }
}

/** One line at the end of the text. The number of the client is given, so that each run makes the same bytes. */
function written(doc: Y.Doc, { clientNumber, line }: { clientNumber: number; line: string }): string {
  doc.clientID = clientNumber
  const before = Y.encodeStateVector(doc)
  const body = doc.getText('body')
  body.insert(body.length, `${line}\n`)
  return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64')
}
