/** How this capability reacts to events: people are told, and leavers are noted. */
import { type Consumer, type Context, type DomainEvent, defineConsumer } from '../_kernel/index.ts'
import { type MessageCode, notify } from '../notification/public.ts'
import { approvalAsked, approvalEnded, approvalUrged } from './events.ts'
import { noteLeaver } from './leavers.ts'

const OUTCOMES = { approved: '已通过', rejected: '已拒绝', withdrawn: '已撤回', terminated: '已终止' }

const asked = defineConsumer('approval.tell-asked', approvalAsked, (event, ctx) =>
  tell(ctx, event, 'approval.asked', '待审批'),
)
const urged = defineConsumer('approval.tell-urged', approvalUrged, (event, ctx) =>
  tell(ctx, event, 'approval.urged', '催办'),
)
const ended = defineConsumer('approval.tell-ended', approvalEnded, (event, ctx) =>
  tell(ctx, event, 'approval.ended', OUTCOMES[event.payload.outcome]),
)

export const consumers: Consumer[] = [asked, urged, ended, noteLeaver]

async function tell(
  ctx: Context,
  {
    id: eventId,
    payload,
  }: DomainEvent<{ instanceId: string; title: string; initiator: string; userIds: string[] }>,
  code: MessageCode,
  result: string,
): Promise<void> {
  const { instanceId, title, initiator: fromUserId, userIds } = payload
  for (const userId of new Set(userIds)) {
    await notify(ctx, { eventId, userId, fromUserId, code, values: { instanceId, title, result } })
  }
}
