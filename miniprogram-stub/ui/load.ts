import { tell, wordsOf } from './failure'

/** What `page-state` shows in place of the content. */
export type Phase = 'loading' | 'ready' | 'failed'

interface LoadingPage {
  data: { phase: Phase }
  setData(data: { phase?: Phase; failure?: string }): void
}

/** Fills a page and says how that went. A page that shows something already keeps it when a refresh fails. */
export async function load(page: LoadingPage, fill: () => Promise<void>): Promise<void> {
  if (page.data.phase === 'failed') page.setData({ phase: 'loading' })
  try {
    await fill()
    page.setData({ phase: 'ready', failure: '' })
  } catch (error) {
    if (page.data.phase === 'ready') tell(error)
    else page.setData({ phase: 'failed', failure: wordsOf(error) })
  } finally {
    wx.stopPullDownRefresh()
  }
}

interface ActingPage {
  data: { busy: boolean }
  setData(data: { busy: boolean }): void
}

/** Does what a tap asks for, once at a time, and tells when it does not work. */
export async function act(page: ActingPage, work: () => Promise<void>): Promise<void> {
  if (page.data.busy) return
  page.setData({ busy: true })
  try {
    await work()
  } catch (error) {
    tell(error)
  } finally {
    page.setData({ busy: false })
  }
}
