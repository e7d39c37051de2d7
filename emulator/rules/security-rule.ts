/** What a rules file says of one collection, or of all files of the storage. */
export interface SecurityRule {
  permission: 'ADMINONLY' | 'PRIVATE' | 'READONLY' | 'ADMINWRITE' | 'CUSTOM'
  /** Of CUSTOM: operation to true, false or an expression. */
  rule?: Record<string, unknown>
}

export type Preset = Exclude<SecurityRule['permission'], 'CUSTOM'>

/**
 * Whose things a client may read and write. The names mislead: READONLY is read by all and written by its creator
 * (manual "basic permissions"; facts 3.1).
 */
export const presets: Record<Preset, { read: 'all' | 'own' | 'none'; write: 'own' | 'none' }> = {
  READONLY: { read: 'all', write: 'own' },
  PRIVATE: { read: 'own', write: 'own' },
  ADMINWRITE: { read: 'all', write: 'none' },
  ADMINONLY: { read: 'none', write: 'none' },
}
