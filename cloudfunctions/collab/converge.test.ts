/** Five phones, random edits, a bad network, apps that are killed, compactions in between: nothing is lost, all agree. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPhone, type Phone } from './client.fixture.ts'
import { type Desk, openDesk } from './document.fixture.ts'

const PEOPLE = ['author1', 'buyer1', 'buyer2', 'manager1', 'guest']

const step = fc.record({
  phone: fc.nat(PEOPLE.length - 1),
  act: fc.oneof(
    { weight: 6, arbitrary: fc.constant('write' as const) },
    { weight: 2, arbitrary: fc.constant('delete' as const) },
    { weight: 2, arbitrary: fc.constant('set' as const) },
    { weight: 6, arbitrary: fc.constant('sync' as const) },
    { weight: 2, arbitrary: fc.constant('all sync' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('late copy' as const) },
    { weight: 2, arbitrary: fc.constant('compact' as const) },
  ),
  network: fc.constantFrom(
    'good' as const,
    'loses the request' as const,
    'loses the answer' as const,
    'sends twice' as const,
  ),
  at: fc.nat(1_000),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function play(desk: Desk, phones: Phone[], steps: Step[]): Promise<string[]> {
  const written: string[] = []
  const trySync = (phone: Phone) => phone.shared.sync().catch(() => undefined)
  for (const { phone: which, act, network, at } of steps) {
    const phone = phones[which]
    if (!phone) continue
    phone.network = network
    const body = phone.doc.getText('body')
    if (act === 'write') {
      const word = `w${written.length};`
      written.push(word)
      phone.doc.getArray('words').push([word])
      body.insert(at % (body.length + 1), word)
    } else if (act === 'delete' && body.length > 0) body.delete(at % body.length, 1)
    else if (act === 'set') phone.doc.getMap('fields').set(`f${at % 5}`, at)
    else if (act === 'sync') await trySync(phone)
    else if (act === 'all sync') await Promise.all(phones.map(trySync))
    else if (act === 'restart') phone.restart()
    else if (act === 'compact') await compactBeside(desk, phones.map(trySync), at % 8)
    else if (act === 'late copy' && phone.sent.length > 0) {
      const copy = phone.sent[at % phone.sent.length]
      if (copy) await desk.cloud.as(PEOPLE[which] ?? '').call(copy.route, copy.input)
    }
  }
  return written
}

/** Begins at another moment each time, so that the writers are in the middle of something else. */
async function compactBeside(desk: Desk, writers: Promise<void>[], readsBefore: number): Promise<void> {
  for (let reads = 0; reads < readsBefore; reads++) await desk.pull('author1', 0)
  await Promise.all([desk.compact(), ...writers])
}

const contentOf = (phone: Phone) => ({
  body: phone.doc.getText('body').toString(),
  words: phone.doc.getArray('words').toJSON(),
  fields: phone.doc.getMap('fields').toJSON(),
})

describe('five phones', () => {
  it('agree in the end, on everything that anybody wrote, once', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 90 }), async (steps) => {
        const desk = await openDesk()
        for (const name of PEOPLE.slice(1)) await desk.join(name, 'editor')
        const phones = PEOPLE.map((name) => createPhone(desk.cloud, name, desk.documentId))
        const written = await play(desk, phones, steps)

        // The network is good again: once to send, once to hear of what the others have sent.
        for (const phone of phones) phone.network = 'good'
        for (const phone of [...phones, ...phones]) await phone.shared.sync()
        const contents = phones.map(contentOf)
        for (const content of contents) expect(content).toEqual(contents[0])
        expect(contents[0]?.words.toSorted()).toEqual(written.toSorted())
        expect(phones.filter(({ shared }) => shared.isDirty())).toEqual([])

        // Whoever opens the document now, from the server alone, has the same.
        const newcomer = createPhone(desk.cloud, 'author1', desk.documentId)
        await desk.compact()
        await newcomer.shared.sync()
        expect(contentOf(newcomer)).toEqual(contents[0])
      }),
      { numRuns: 12, seed: 11 },
    )
  })
})
