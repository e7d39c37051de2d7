import type { Routes } from '../_kernel/index.ts'
import { searchAudit } from './audit/search.ts'
import { verifyAudit } from './audit/verify.ts'
import { listBackups } from './backup/list.ts'
import { startBackup } from './backup/start.ts'
import { dropDead } from './events/drop.ts'
import { listDeadEvents } from './events/list-dead.ts'
import { replayDead } from './events/replay.ts'
import { trouble } from './events/trouble.ts'
import { health } from './health/check.ts'
import { costReport } from './metrics/cost.ts'
import { metrics } from './metrics/read.ts'
import { eraseUser } from './privacy/erase.ts'
import { exportMyData, exportUser } from './privacy/export.ts'
import { cancelRestore } from './restore/cancel.ts'
import { continueRestore } from './restore/continue.ts'
import { listRestores } from './restore/list.ts'
import { startRestore } from './restore/start.ts'
import { switchRestore } from './restore/switch.ts'
import { features } from './tuning/features.ts'
import { listSettings } from './tuning/list.ts'
import { setFlag } from './tuning/set-flag.ts'
import { setSetting } from './tuning/set-setting.ts'

export const routes = {
  health,
  metrics,
  costReport,
  trouble,

  searchAudit,
  verifyAudit,

  features,
  listSettings,
  setSetting,
  setFlag,

  listDeadEvents,
  replayDeadEvent: replayDead,
  dropDeadEvent: dropDead,

  listBackups,
  startBackup,
  listRestores,
  startRestore,
  continueRestore,
  switchRestore,
  cancelRestore,

  exportMyData,
  exportUser,
  eraseUser,
} satisfies Routes
