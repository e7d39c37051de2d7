/** One partner: a warehouse that reads and ships orders and keeps the stock. Its secret can be shown again by `rotateSecret`. */
export const demoPartner = {
  name: '云仓物流',
  scopes: [
    'inventory:read',
    'inventory:restock',
    'order:read',
    'order:ship',
    'partner:read',
    'webhook:manage',
  ],
}

/** @param call calls a route as a demo user, with a request id that is the same on every run. */
export async function seedPartner(
  call: <T>(user: string, route: string, data: unknown, label?: string) => Promise<T>,
): Promise<{ clientId: string; clientSecret: string }> {
  return call('admin', 'gateway/createPartner', demoPartner, demoPartner.name)
}
