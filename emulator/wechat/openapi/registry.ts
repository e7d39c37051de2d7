/** Every WeChat API by its name in `cloud.openapi`: what is built, and what WeChat has but we do not yet. */
import type { OpenApi } from './api.ts'
import { phonenumberGetPhoneNumber } from './phonenumber-get-phone-number.ts'
import { securityMsgSecCheck } from './security-msg-sec-check.ts'
import { subscribeMessageSend } from './subscribe-message-send.ts'

export const OPEN_APIS: ReadonlyMap<string, OpenApi> = new Map([
  ['phonenumber.getPhoneNumber', phonenumberGetPhoneNumber],
  ['security.msgSecCheck', securityMsgSecCheck],
  ['subscribeMessage.send', subscribeMessageSend],
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
    customerServiceMessage: ['getTempMedia', 'send', 'setTyping', 'uploadTempMedia'],
    img: ['aiCrop', 'scanQRCode', 'superresolution'],
    immediateDelivery: ['addOrder', 'addTip', 'cancelOrder', 'getOrder', 'preAddOrder', 'reOrder'],
    logistics: ['addOrder', 'cancelOrder', 'getAllDelivery', 'getOrder', 'getPath', 'getPrinter', 'getQuota'],
    midas: ['cancelPay', 'getBalance', 'pay', 'present'],
    nearbyPoi: ['add', 'delete', 'getList', 'setShowStatus'],
    ocr: ['bankcard', 'businessLicense', 'driverLicense', 'idcard', 'printedText', 'vehicleLicense'],
    search: ['imageSearch', 'siteSearch', 'submitPages'],
    security: ['getUserRiskRank', 'imgSecCheck', 'mediaCheckAsync'],
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
    uniformMessage: ['send'],
    updatableMessage: ['createActivityId', 'setUpdatableMsg'],
    urllink: ['generate', 'query'],
    urlscheme: ['generate', 'generateNFC', 'query'],
    wxacode: ['createQRCode', 'get', 'getUnlimited'],
  }).flatMap(([group, names]) => names.map((name) => `${group}.${name}`)),
)
