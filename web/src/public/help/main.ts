// What a script adds to the public pages. Every page is whole without it.

import "../../design/tokens.css";
import "./site.css";
import { addCalling, canCall, isCalling, sayUnreachable } from "./call/calling.ts";
import { addDeviceTest } from "./call/device-test.ts";
import { addCopying } from "./copy.ts";
import { keepOfflinePage } from "./offline.ts";
import { beginPage, onPage } from "./pages.ts";
import { addSearch } from "./search.ts";
import { travelDuringCalls } from "./travel.ts";

onPage(addCopying);
onPage(addSearch);
onPage(addCalling);
if (canCall()) onPage(addDeviceTest);
beginPage();
travelDuringCalls({ isCalling, onUnreachable: sayUnreachable });
keepOfflinePage();
