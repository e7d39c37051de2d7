/** Runs a benchmark against a local cloud of its own. Figures are for people; what must hold fails the run. */
const benches: Record<string, { does: string; run(args: string[]): Promise<number> }> = {
  flashsale: {
    does: 'buyers who all want the same few units, with crashes and kills on request',
    run: async (args) => (await import('./bench/flash-sale.ts')).runFlashSale(args),
  },
  database: {
    does: 'queries on many documents against the same on few, opening of a large folder, memory',
    run: async (args) => (await import('./bench/database.ts')).runDatabase(args),
  },
}

const [name = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench) process.exit(await bench.run(args))

const list = Object.entries(benches).map(([each, { does }]) => `  ${each.padEnd(10)} ${does}`)
console.log(['npm run bench -- <name> [options]; --help after a name tells its options', ...list].join('\n'))
process.exit(name === '--help' ? 0 : 2)

export {}
