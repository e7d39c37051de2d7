import { type GenerationCase, NOW_MS } from './case.ts'

const post = { _id: 'p', title: 'Hello', stars: 3, author: { name: 'Li', city: 'SZ' } }

/** One document: add, get, set, update, remove. */
export const documentCases: GenerationCase[] = [
  {
    name: 'add gives the id under which get finds the document',
    async run(items) {
      const { _id } = await items.add({ data: { n: 1, deep: { list: [1, 'two', null, true] } } })
      const { data } = await items.doc(String(_id)).get()
      return { isSame: data._id === _id, deep: data.deep }
    },
    returns: { isSame: true, deep: { list: [1, 'two', null, true] } },
  },
  {
    name: 'add takes an id of its own',
    run: async (items) => (await items.add({ data: { _id: 'mine', n: 1 } }))._id,
    returns: 'mine',
    leaves: [{ _id: 'mine', n: 1 }],
  },
  {
    name: 'add refuses an id that is taken',
    items: [post],
    run: (items) => items.add({ data: { _id: 'p' } }),
    fails: /duplicate key/,
  },
  {
    name: 'an id may be a number',
    items: [{ _id: 7, n: 1 }],
    run: async (items) => (await items.doc(7).get()).data,
    returns: { _id: 7, n: 1 },
  },
  {
    name: 'dates come back as dates',
    async run(items) {
      await items.add({ data: { _id: 'd', at: new Date(5_000), list: [new Date(1)] } })
      const { at, list } = (await items.doc('d').get()).data
      return [at instanceof Date, at, list]
    },
    returns: [true, new Date(5_000), [new Date(1)]],
  },
  {
    name: 'serverDate is the time of the cloud, with an offset',
    run: (items, _, { db }) =>
      items.add({ data: { _id: 'd', now: db.serverDate(), later: db.serverDate({ offset: 60_000 }) } }),
    leaves: [{ _id: 'd', now: new Date(NOW_MS), later: new Date(NOW_MS + 60_000) }],
  },
  {
    name: 'large and broken numbers keep their value',
    run: (items) => items.add({ data: { _id: 'n', big: 2 ** 40, half: 0.5, minus: -3 } }),
    leaves: [{ _id: 'n', big: 2 ** 40, half: 0.5, minus: -3 }],
  },
  {
    name: 'a point comes back as a point',
    async run(items, _, { db }) {
      await items.add({ data: { _id: 'g', at: db.Geo.Point?.(113.9, 22.5) } })
      const { longitude, latitude } = (await items.doc('g').get()).data.at
      return { longitude, latitude }
    },
    returns: { longitude: 113.9, latitude: 22.5 },
    leaves: [{ _id: 'g', at: { type: 'Point', coordinates: [113.9, 22.5] } }],
  },
  {
    name: 'get of a document that is not there is refused',
    run: (items) => items.doc('none').get(),
    fails: /does not exist/,
  },
  {
    name: 'get of a document gives the fields asked for',
    items: [post],
    run: async (items) => (await items.doc('p').field({ title: true, _id: false }).get()).data,
    returns: { title: 'Hello' },
  },
  {
    name: 'set makes a document',
    run: async (items) => (await items.doc('new').set({ data: { n: 1 } })).stats,
    returns: { updated: 0, created: 1 },
    leaves: [{ _id: 'new', n: 1 }],
  },
  {
    name: 'set replaces a document as a whole',
    items: [post],
    run: async (items) => (await items.doc('p').set({ data: { n: 1 } })).stats,
    returns: { updated: 1, created: 0 },
    leaves: [{ _id: 'p', n: 1 }],
  },
  {
    name: 'update changes the fields named, nested ones too, and leaves the others',
    items: [post],
    run: async (items) => (await items.doc('p').update({ data: { stars: 4, author: { city: 'GZ' } } })).stats,
    returns: { updated: 1 },
    leaves: [{ ...post, stars: 4, author: { name: 'Li', city: 'GZ' } }],
  },
  {
    name: 'update takes paths with dots',
    items: [{ _id: 'p', list: [{ n: 1 }, { n: 2 }] }],
    run: (items) => items.doc('p').update({ data: { 'list.1.n': 5 } }),
    leaves: [{ _id: 'p', list: [{ n: 1 }, { n: 5 }] }],
  },
  {
    name: 'update of a document that is not there changes nothing',
    run: async (items) => (await items.doc('none').update({ data: { n: 1 } })).stats,
    returns: { updated: 0 },
    leaves: [],
  },
  {
    name: 'update writes dates, null and empty lists',
    items: [post],
    run: (items) => items.doc('p').update({ data: { stars: null, author: [], at: new Date(9) } }),
    leaves: [{ _id: 'p', title: 'Hello', stars: null, author: [], at: new Date(9) }],
  },
  {
    name: 'remove takes one document',
    items: [post, { _id: 'q' }],
    run: async (items) => [(await items.doc('p').remove()).stats, (await items.doc('p').remove()).stats],
    returns: [{ removed: 1 }, { removed: 0 }],
    leaves: [{ _id: 'q' }],
  },
]
