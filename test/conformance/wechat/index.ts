/** Every case of WeChat: open APIs, open data, pay in both protocols. */
import { answerCases } from './answers.cases.ts'
import type { WechatCase } from './case.ts'
import { codeCases } from './codes.cases.ts'
import { messageCases } from './messages.cases.ts'
import { openDataCases } from './open-data.cases.ts'
import { payCases } from './pay.cases.ts'
import { payV3Cases } from './pay-v3.cases.ts'
import { refundCases } from './refunds.cases.ts'
import { securityCases } from './security.cases.ts'

export const wechatCases: WechatCase[] = [
  ...answerCases,
  ...codeCases,
  ...messageCases,
  ...securityCases,
  ...openDataCases,
  ...payCases,
  ...refundCases,
  ...payV3Cases,
]
