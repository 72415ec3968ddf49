// What every page starts. Modules act on markup; pages add their own beside this one.

import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startPalette } from "./palette.js";
import { startPreferences } from "./preferences.js";
import { connectHtmx } from "./request.js";
import { startTime } from "./time.js";
import { startToasts, toast } from "./toast.js";
import { startVars } from "./css-vars.js";

connectHtmx((text) => toast(text, { tone: "bad" }));
startPreferences();
startToasts();
startDialogs();
startKeys();
startMenus();
startPalette();
startForms();
startTime();
startVars();
startLive();
