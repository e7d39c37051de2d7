/** Which fields differ between two states of a document: `updatedFields` and `removedFields` of a change. */
export interface FieldChanges {
  /** By dotted path; arrays count as one value. */
  updated: Record<string, unknown>
  removed: string[]
}

export function fieldChanges(beforeText: string, afterText: string): FieldChanges {
  const changes: FieldChanges = { updated: {}, removed: [] }
  // Both texts are documents that this module wrote.
  compare(JSON.parse(beforeText) as Fields, JSON.parse(afterText) as Fields, '', changes)
  return changes
}

type Fields = Record<string, unknown>

function compare(before: Fields, after: Fields, prefix: string, changes: FieldChanges): void {
  for (const [field, value] of Object.entries(after)) {
    const path = prefix + field
    const old = Object.hasOwn(before, field) ? before[field] : undefined
    if (hasFields(old) && hasFields(value)) compare(old, value, `${path}.`, changes)
    else if (JSON.stringify(old) !== JSON.stringify(value)) changes.updated[path] = value
  }
  for (const field of Object.keys(before))
    if (!Object.hasOwn(after, field)) changes.removed.push(prefix + field)
}

/** `{"$date": …}` and the like are values, not documents. */
function hasFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !Object.keys(value)[0]?.startsWith('$')
}
