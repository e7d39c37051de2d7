import { api } from '../api/index'
import { askToSubscribe, requestPayment } from '../api/transport'

/** WeChat shows at most three templates in one dialogue. */
const TEMPLATES_AT_ONCE = 3

/**
 * Pays for an order and lets the server settle it at once, whether or not WeChat has called it back yet. Refuses
 * ADDRESS_REQUIRED for an order without an address unless one is given.
 */
export async function payFor(orderId: string, addressId?: string): Promise<void> {
  // Asked for before: WeChat opens its dialogue only straight after the payment.
  const [{ payment }, templates] = await Promise.all([
    api.payment.prepare({ orderId, addressId }),
    subscribableTemplates(),
  ])
  await requestPayment(payment)
  await Promise.all([api.payment.query({ orderId }), subscribe(templates)])
}

type Template = { templateCode: string; wechatTemplateId: string }

/** Paying must not fail because of messages. */
async function subscribableTemplates(): Promise<Template[]> {
  try {
    const { items } = await api.notification.subscribable()
    return items.slice(0, TEMPLATES_AT_ONCE)
  } catch (error) {
    console.warn(error)
    return []
  }
}

async function subscribe(templates: Template[]): Promise<void> {
  if (templates.length === 0) return
  try {
    const allowed = await askToSubscribe(templates.map(({ wechatTemplateId }) => wechatTemplateId))
    const templateCodes = templates
      .filter(({ wechatTemplateId }) => allowed.includes(wechatTemplateId))
      .map(({ templateCode }) => templateCode)
    if (templateCodes.length > 0) await api.notification.reportSubscription({ templateCodes })
  } catch (error) {
    console.warn(error)
  }
}
