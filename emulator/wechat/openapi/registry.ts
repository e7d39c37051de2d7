/** Every WeChat API by its name in `cloud.openapi`: what is built, and what WeChat has but we do not yet. */
import type { OpenApi } from './api.ts'
import { cloudbaseGetOpenData } from './cloudbase-get-open-data.ts'
import {
  customerServiceMessageGetTempMedia,
  customerServiceMessageUploadTempMedia,
} from './customer-service-message-media.ts'
import { customerServiceMessageSend } from './customer-service-message-send.ts'
import { customerServiceMessageSetTyping } from './customer-service-message-set-typing.ts'
import { phonenumberGetPhoneNumber } from './phonenumber-get-phone-number.ts'
import { securityImgSecCheck, securityMediaCheckAsync } from './security-media.ts'
import { securityMsgSecCheck } from './security-msg-sec-check.ts'
import { subscribeMessageSend } from './subscribe-message-send.ts'
import { uniformMessageSend } from './uniform-message-send.ts'
import { urllinkGenerate, urllinkQuery, urlschemeGenerate, urlschemeQuery } from './urls.ts'
import { wxacodeCreateQrCode, wxacodeGet, wxacodeGetUnlimited } from './wxacode.ts'

export const OPEN_APIS: ReadonlyMap<string, OpenApi> = new Map([
  ['cloudbase.getOpenData', cloudbaseGetOpenData],
  ['customerServiceMessage.getTempMedia', customerServiceMessageGetTempMedia],
  ['customerServiceMessage.send', customerServiceMessageSend],
  ['customerServiceMessage.setTyping', customerServiceMessageSetTyping],
  ['customerServiceMessage.uploadTempMedia', customerServiceMessageUploadTempMedia],
  ['phonenumber.getPhoneNumber', phonenumberGetPhoneNumber],
  ['security.imgSecCheck', securityImgSecCheck],
  ['security.mediaCheckAsync', securityMediaCheckAsync],
  ['security.msgSecCheck', securityMsgSecCheck],
  ['subscribeMessage.send', subscribeMessageSend],
  ['uniformMessage.send', uniformMessageSend],
  ['urllink.generate', urllinkGenerate],
  ['urllink.query', urllinkQuery],
  ['urlscheme.generate', urlschemeGenerate],
  ['urlscheme.query', urlschemeQuery],
  ['wxacode.createQRCode', wxacodeCreateQrCode],
  ['wxacode.get', wxacodeGet],
  ['wxacode.getUnlimited', wxacodeGetUnlimited],
])

/** So that a misspelt name is told apart from one that is only missing here. */
export const NOT_BUILT_YET: ReadonlySet<string> = new Set(
  Object.entries({
    analysis: [
      'getDailyRetain',
      'getDailySummary',
      'getDailyVisitTrend',
      'getMonthlyRetain',
      'getMonthlyVisitTrend',
      'getUserPortrait',
      'getVisitDistribution',
      'getVisitPage',
      'getWeeklyRetain',
      'getWeeklyVisitTrend',
    ],
    auth: ['checkEncryptedData', 'checkSession', 'getPaidUnionId'],
    img: ['aiCrop', 'scanQRCode', 'superresolution'],
    immediateDelivery: ['addOrder', 'addTip', 'cancelOrder', 'getOrder', 'preAddOrder', 'reOrder'],
    logistics: ['addOrder', 'cancelOrder', 'getAllDelivery', 'getOrder', 'getPath', 'getPrinter', 'getQuota'],
    midas: ['cancelPay', 'getBalance', 'pay', 'present'],
    nearbyPoi: ['add', 'delete', 'getList', 'setShowStatus'],
    ocr: ['bankcard', 'businessLicense', 'driverLicense', 'idcard', 'printedText', 'vehicleLicense'],
    search: ['imageSearch', 'siteSearch', 'submitPages'],
    security: ['getUserRiskRank'],
    shortlink: ['generate'],
    serviceMarket: ['invokeService'],
    soter: ['verifySignature'],
    subscribeMessage: [
      'addTemplate',
      'deleteTemplate',
      'getCategory',
      'getPubTemplateKeyWordsById',
      'getPubTemplateTitleList',
      'getTemplateList',
    ],
    templateMessage: [
      'addTemplate',
      'deleteTemplate',
      'getTemplateLibraryById',
      'getTemplateLibraryList',
      'getTemplateList',
      'send',
    ],
    riskControl: ['getUserRiskRank'],
    hardwareDevice: ['getSnTicket', 'send'],
    updatableMessage: ['createActivityId', 'setUpdatableMsg'],
    urlscheme: ['generateNFC'],
  }).flatMap(([group, names]) => names.map((name) => `${group}.${name}`)),
)
