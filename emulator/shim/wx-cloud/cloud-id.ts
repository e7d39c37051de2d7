/** `wx.cloud.CloudID(id)` or `new wx.cloud.CloudID(id)`: open data of the user, named by an id that is good once. */
const IDS = new WeakMap<object, string>()

export function CloudID(cloudId: string): object {
  // Anywhere but at the top of a call's data it travels as the id's text (WeChat manual: 云调用直接获取开放数据).
  const made = { cloudID: cloudId, toJSON: () => cloudId }
  IDS.set(made, cloudId)
  return made
}

export function isCloudId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && IDS.has(value)
}
