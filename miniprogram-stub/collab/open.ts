/** A shared document in a page: `const note = openDocument({ Y, doc, documentId })`, and `note.close()` in `onUnload`. */
import { api } from '../api/index'
import { target } from '../target'
import { createKept } from './kept'
import { goLive, type Live, type LiveDeps } from './live'
import { type Base64, type Numbered, openSharedDocument } from './shared-document'
import type { YDoc, Yjs } from './yjs'

export function openDocument<Doc extends YDoc>(options: {
  Y: Yjs<Doc>
  doc: Doc
  documentId: string
  onOthers?: LiveDeps['onOthers']
  onError?: LiveDeps['onError']
}): Live & { isDirty(): boolean } {
  const { Y, doc, documentId, onOthers, onError } = options
  const kept = createKept(wx, documentId)
  const shared = openSharedDocument({
    Y,
    doc,
    documentId,
    kept,
    base64,
    server: api.collab,
    onEdit: () => live.soon(),
  })
  const live = goLive({
    shared,
    documentId,
    server: api.collab,
    // Without the shim, `wx.cloud` is WeChat's also when calls go to the local cloud.
    watch: target.kind === 'cloudbase' ? watchOf(documentId) : undefined,
    onOthers,
    onError,
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  })
  // WeChat's types know the answer of `on`, and of `off` only that it is an object.
  const onNetwork = (network: object) => {
    if ('isConnected' in network && network.isConnected) live.wake()
  }
  wx.onNetworkStatusChange(onNetwork)
  return {
    ...live,
    isDirty: shared.isDirty,
    async close() {
      wx.offNetworkStatusChange(onNetwork)
      await live.close()
    },
  }
}

/** Only what is newer than what the document has: the query names the document, as the security rule wants it. */
function watchOf(documentId: string): LiveDeps['watch'] {
  return (since, onUpdates, onEnd) => {
    const database = wx.cloud.database()
    return database
      .collection('collab_updates')
      .where({ documentId, seq: database.command.gt(since) })
      .watch({
        onChange: ({ docs }) => onUpdates(docs as Numbered[]),
        onError: onEnd,
      })
  }
}

const base64: Base64 = {
  encode: (bytes) => wx.arrayBufferToBase64(bytes.slice().buffer),
  decode: (text) => new Uint8Array(wx.base64ToArrayBuffer(text)),
}
