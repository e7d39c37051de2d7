import { open, type RootDatabase } from 'lmdb'
import type { Module } from './module.ts'

/** Small durable tables for modules that keep state of their own (payments, messages, files' metadata). */
export interface State extends Module {
  table<T>(name: string): StateTable<T>
  /** Everything, for a snapshot. */
  exportAll(): Record<string, Record<string, unknown>>
  importAll(content: Record<string, Record<string, unknown>>): Promise<void>
}

export interface StateTable<T> {
  get(key: string): T | undefined
  /** Settles when the value would survive a kill of the process. */
  put(key: string, value: T): Promise<void>
  remove(key: string): Promise<void>
  /** In order of key. */
  entries(): [string, T][]
}

/** @param path folder that holds the tables, or undefined to keep them in memory only. */
export function createState(path: string | undefined): State {
  return path === undefined
    ? createMemoryState()
    : createDurableState(open<unknown, [string, string]>({ path }))
}

function createDurableState(root: RootDatabase<unknown, [string, string]>): State {
  const range = (name: string) => root.getRange({ start: [name, ''], end: [name, '\u{10ffff}'] })
  return {
    name: 'state',
    async start() {},
    async stop() {
      await root.close()
    },
    table<T>(name: string): StateTable<T> {
      return {
        get: (key) => root.get([name, key]) as T | undefined,
        async put(key, value) {
          await root.put([name, key], value)
        },
        async remove(key) {
          await root.remove([name, key])
        },
        entries: () => [...range(name)].map(({ key, value }) => [key[1], value as T]),
      }
    },
    exportAll() {
      const content: Record<string, Record<string, unknown>> = {}
      for (const { key, value } of root.getRange()) {
        const [name, row] = key
        content[name] ??= {}
        Object.assign(content[name], { [row]: value })
      }
      return content
    },
    async importAll(content) {
      await root.transaction(() => {
        for (const key of [...root.getKeys()]) root.remove(key)
        for (const [name, rows] of Object.entries(content)) {
          for (const [key, value] of Object.entries(rows)) root.put([name, key], value)
        }
      })
    },
  }
}

function createMemoryState(): State {
  const tables = new Map<string, Map<string, unknown>>()
  const rowsOf = (name: string): Map<string, unknown> => {
    const rows = tables.get(name) ?? new Map<string, unknown>()
    tables.set(name, rows)
    return rows
  }
  return {
    name: 'state',
    async start() {},
    async stop() {
      tables.clear()
    },
    table<T>(name: string): StateTable<T> {
      return {
        get: (key) => rowsOf(name).get(key) as T | undefined,
        async put(key, value) {
          rowsOf(name).set(key, structuredClone(value))
        },
        async remove(key) {
          rowsOf(name).delete(key)
        },
        entries: () => ([...rowsOf(name)] as [string, T][]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
      }
    },
    exportAll: () =>
      Object.fromEntries(
        [...tables].map(([name, rows]) => [name, Object.fromEntries(structuredClone(rows))]),
      ),
    async importAll(content) {
      tables.clear()
      for (const [name, rows] of Object.entries(content)) tables.set(name, new Map(Object.entries(rows)))
    },
  }
}
