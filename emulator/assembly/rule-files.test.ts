import { describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing/project.ts'

const READABLE = { permission: 'CUSTOM', rule: { read: true, write: false } }

async function readAsClient({ url }: TestCloud): Promise<string> {
  const body = JSON.stringify({ action: 'database.getDocument', collectionName: 'notes', query: '{}' })
  const headers = { 'x-emulator-user': 'buyer1' }
  const answer = await fetch(`${url}/client/database`, { method: 'POST', headers, body })
  return String(Object(await answer.json()).code ?? 'read')
}

function told(cloud: TestCloud, words: string): Promise<void> {
  return new Promise((resolve) => {
    cloud.log.subscribe(({ message }) => {
      if (message.includes(words)) resolve()
    })
  })
}

describe('a file of rules that is saved while the cloud runs', () => {
  it('was not looked at before the next start', async () => {
    await using cloud = await startTestCloud({ 'database-rules/notes.json': { permission: 'ADMINONLY' } })
    expect(await readAsClient(cloud)).toBe('DATABASE_PERMISSION_DENIED')
    let changed = told(cloud, 'put in force')
    cloud.write('database-rules/notes.json', {
      ...READABLE,
      indexes: [{ name: 'by_n', fields: [{ path: 'n' }] }],
    })
    await changed
    expect(await readAsClient(cloud)).toBe('read')
    expect(cloud.database.collections()[0]?.indexes.map(({ name }) => name)).toContain('by_n')

    changed = told(cloud, 'those before still are')
    cloud.write('database-rules/notes.json', { permission: 'CUSTOM', rule: { read: 'doc.x ==' } })
    await changed
    expect(await readAsClient(cloud)).toBe('read')
  })

  it('is told to need a start when it holds settings', async () => {
    await using cloud = await startTestCloud({ 'cloudbaserc.json': { functions: [] } })
    const changed = told(cloud, 'start the local cloud again')
    cloud.write('cloudbaserc.json', { functions: [{ name: 'f', timeout: 20 }] })
    await changed
  })
})
