// What a script adds to the public pages. Every page is whole without it.

import "../../design/tokens.css";
import "./site.css";
import "./frame.css";
import "./forms.css";
import "./home.css";
import "./call.css";
import "./directory.css";
import "./hours.css";
import { addCalling, canCall, isCalling, sayUnreachable } from "./call/calling.ts";
import { addDeviceTest } from "./call/device-test.ts";
import { addCopying } from "./copy.ts";
import { showWhereThisIs } from "./menu.ts";
import { keepOfflinePage } from "./offline.ts";
import { beginPage, onPage } from "./pages.ts";
import { addSearch } from "./search.ts";
import { travelDuringCalls } from "./travel.ts";
import { keepWaitFresh } from "./wait.ts";

onPage(showWhereThisIs);
onPage(addCopying);
onPage(addSearch);
onPage(() => keepWaitFresh(document));
onPage(addCalling);
if (canCall()) onPage(addDeviceTest);
beginPage();
travelDuringCalls({ isCalling, onUnreachable: sayUnreachable });
keepOfflinePage();
