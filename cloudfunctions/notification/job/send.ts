import { type Context, collection, derivedId } from '../../_kernel/index.ts'
import type { MessageCode, MessageValues } from '../kinds.ts'
import { templateData } from '../template/model.ts'
import { quotaId, quotas, settleQuota, takeQuota } from '../template/quota.ts'
import { findEnabledTemplate } from '../template/store.ts'
import { CLAIM_MS, type Job, jobSchema, judge, type Verdict } from './model.ts'

export const jobs = collection('message_jobs', jobSchema)

const ANSWER_WITHIN_MS = 1_200

/**
 * Sends a subscribe message once per event, kind and user, if a template is enabled and the user has agreed. Never
 * throws because of WeChat: what cannot be sent stays as a job for `retryMessages` or an operator.
 */
export async function sendOnce(
  ctx: Context,
  message: Pick<Job, 'eventId' | 'userId' | 'fromUserId' | 'page'> & {
    code: MessageCode
    values: MessageValues
  },
): Promise<void> {
  const { eventId, userId, fromUserId, code, values, page } = message
  if (!(await findEnabledTemplate(ctx, code))) return
  const quota = await ctx.db.find(quotas, quotaId(userId, code))
  // Most users have agreed to nothing, and that shall cost one read.
  if (!quota || quota.remaining <= 0) return
  const nowMs = ctx.clock.nowMs()
  const job: Job = {
    _id: derivedId('job', eventId, code, userId),
    userId,
    fromUserId,
    code,
    eventId,
    values,
    page,
    status: 'pending',
    attempts: 1,
    nextAttemptAtMs: nowMs + CLAIM_MS,
    lastError: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  // Inserted as claimed: if this call stops, the claim runs out and the retry takes over.
  if (await ctx.db.insertIfAbsent(jobs, job)) await attempt(ctx, job)
}

/** One try at a job that the caller has claimed. */
export async function attempt(ctx: Context, job: Job): Promise<Job['status']> {
  const template = await findEnabledTemplate(ctx, job.code)
  const hasQuota = template && (await takeQuota(ctx, job.userId, job.code, job._id))
  if (!template || !hasQuota) {
    const lastError = template ? 'no quota left' : 'the template is not enabled'
    // An earlier try may still hold one.
    await finish(ctx, job, {
      status: 'dropped',
      lastError,
      nextAttemptAtMs: ctx.clock.nowMs(),
      quota: 'back',
    })
    return 'dropped'
  }
  const message = {
    touser: job.userId,
    templateId: template.wechatTemplateId,
    page: job.page,
    data: templateData(template.fields, job.values),
  }
  let verdict: Verdict
  try {
    await callWechat(ctx, message)
    verdict = { status: 'sent', lastError: null, nextAttemptAtMs: ctx.clock.nowMs(), quota: 'used' }
  } catch (failure) {
    verdict = judge(failure, job.attempts, ctx.clock.nowMs())
    ctx.log.warn({ cause: failure, jobId: job._id, status: verdict.status }, 'subscribe message not sent')
  }
  await finish(ctx, job, verdict)
  return verdict.status
}

/** The job first: were the quota first and this call to stop, the message would be sent again. */
async function finish(ctx: Context, job: Job, { quota, ...result }: Verdict): Promise<void> {
  await ctx.db.update(jobs, job._id, { ...result, updatedAtMs: ctx.clock.nowMs() })
  if (quota !== 'held') await settleQuota(ctx, job.userId, job.code, job._id, quota)
}

/**
 * One call, without the kernel's retries: this runs while somebody waits for the reply to their payment, and the job is
 * what is retried. What takes longer counts as no answer, although WeChat may have taken it: then it comes twice.
 */
async function callWechat(ctx: Context, message: object): Promise<void> {
  const send = ctx.cloud.openapi.subscribeMessage?.send
  if (!send) throw new Error('wx-server-sdk without openapi.subscribeMessage.send')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS)
  })
  try {
    await Promise.race([send(message), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
