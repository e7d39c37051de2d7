/** A tap on an element with these `data-` attributes. */
export type Tap<Dataset extends Record<string, unknown>> = WechatMiniprogram.BaseEvent<
  Record<string, never>,
  Dataset
>

/** An event that a component of ours triggers with this detail. */
export type Told<Detail> = { detail: Detail }
