/** Table of contents of `approval`; the mini program's client is checked against its type. */
import type { Routes } from '../_kernel/index.ts'
import { approve, reject } from './act/decide.ts'
import { delegate, giveBack, transfer } from './act/hand-on.ts'
import { reassign, terminate } from './act/operate.ts'
import { resubmit } from './act/resubmit.ts'
import { sendBack } from './act/send-back.ts'
import { addSigners, removeSigner } from './act/signers.ts'
import { comment, copyTo, urge } from './act/tell.ts'
import { withdraw } from './act/withdraw.ts'
import { definitionDetail } from './definition/detail.ts'
import { formToFill } from './definition/form-of.ts'
import { listDefinitions } from './definition/list.ts'
import { publishDefinition } from './definition/publish.ts'
import { saveDefinition } from './definition/save.ts'
import { setDefinitionOpen } from './definition/set-open.ts'
import { startable } from './definition/startable.ts'
import { start } from './instance/start.ts'
import { all } from './list/all.ts'
import { copies, done, todo } from './list/boxes.ts'
import { counts } from './list/counts.ts'
import { detail } from './list/detail.ts'
import { showHistory } from './list/history.ts'
import { markRead } from './list/mark-read.ts'
import { mine } from './list/mine.ts'
import { verify } from './list/verify.ts'

export const routes = {
  startable,
  form: formToFill,
  start,

  approve,
  reject,
  sendBack,
  resubmit,
  withdraw,
  transfer,
  delegate,
  giveBack,
  addSigners,
  removeSigner,
  copyTo,
  urge,
  comment,

  todo,
  done,
  mine,
  copies,
  counts,
  markRead,
  detail,
  history: showHistory,

  definitions: listDefinitions,
  definition: definitionDetail,
  saveDefinition,
  publishDefinition,
  setDefinitionOpen,
  all,
  terminate,
  reassign,
  verify,
} satisfies Routes
