/** Just enough of WXML to check it: its elements with their attributes, and that every tag is closed in its turn. */
export interface WxmlElement {
  tag: string
  attributes: Record<string, string>
  /** Names that `wx:for` around the element gives its expressions. */
  loopNames: string[]
  line: number
}

export interface Wxml {
  elements: WxmlElement[]
  /** The insides of `{{ }}`, with the loop names that are known there. */
  expressions: { text: string; loopNames: string[]; line: number }[]
}

const TOKEN = /<!--[\s\S]*?-->|<(\/)?([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/)?>|([^<]+)|</g

/** Throws with the line when a tag is not closed, or closed out of turn. */
export function parseWxml(source: string): Wxml {
  const elements: WxmlElement[] = []
  const expressions: Wxml['expressions'] = []
  const open: WxmlElement[] = []

  for (const match of source.matchAll(TOKEN)) {
    const [whole, closing, tag, attributeText = '', selfClosing, text] = match
    const line = source.slice(0, match.index).split('\n').length
    if (whole === '<') throw new Error(`line ${line}: not a tag`)
    const outer = open.at(-1)?.loopNames ?? []
    if (text !== undefined) expressions.push(...expressionsIn(text, outer, line))
    if (tag === undefined) continue
    if (closing !== undefined) {
      const last = open.pop()
      if (last?.tag !== tag) throw new Error(`line ${line}: </${tag}> closes <${last?.tag ?? 'nothing'}>`)
      continue
    }
    const attributes = attributesIn(attributeText)
    const loopNames = [...outer, ...loopNamesOf(attributes)]
    const element = { tag, attributes, loopNames, line }
    elements.push(element)
    for (const [name, value] of Object.entries(attributes)) {
      expressions.push(...expressionsIn(value, name === 'wx:for' ? outer : loopNames, line))
    }
    if (selfClosing === undefined) open.push(element)
  }
  const left = open.at(-1)
  if (left) throw new Error(`line ${left.line}: <${left.tag}> is never closed`)
  return { elements, expressions }
}

/** The names that an expression reads: not what follows a dot, no strings, no words of the language. */
export function namesIn(expression: string): string[] {
  const names = expression.replace(/'[^']*'/g, '').matchAll(/(?<![\w.$])[A-Za-z_]\w*/g)
  return [...names].map(([name]) => name).filter((name) => !['true', 'false', 'null'].includes(name))
}

function attributesIn(text: string): Record<string, string> {
  const pairs = text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]))
}

function loopNamesOf(attributes: Record<string, string>): string[] {
  if (!('wx:for' in attributes)) return []
  return [attributes['wx:for-item'] ?? 'item', attributes['wx:for-index'] ?? 'index']
}

function expressionsIn(text: string, loopNames: string[], line: number): Wxml['expressions'] {
  const opened = text.split('{{').length
  if (opened !== text.split('}}').length) throw new Error(`line ${line}: {{ and }} do not match`)
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, inside = '']) => ({ text: inside, loopNames, line }))
}
