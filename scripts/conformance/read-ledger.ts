import { readFileSync } from 'node:fs'

export interface LedgerSection {
  section: string
  rows: { behaviour: string; evidence: string; ours: string }[]
}

/** The tables of the deviations ledger: one section each, three columns. */
export function readLedger(path: string): LedgerSection[] {
  const sections: LedgerSection[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('## ')) sections.push({ section: line.slice(3).trim(), rows: [] })
    if (!line.startsWith('|')) continue
    const [behaviour = '', evidence = '', ours = ''] = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (behaviour === 'behaviour' || /^-+$/.test(behaviour)) continue
    sections.at(-1)?.rows.push({ behaviour, evidence, ours })
  }
  return sections.filter(({ rows }) => rows.length > 0)
}
