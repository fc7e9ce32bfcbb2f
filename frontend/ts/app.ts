// What every page gains from JavaScript. Nothing here is needed to work: each
// part improves something that the server does as well.
import { keepDrafts } from "./parts/draft";
import { sendOnce } from "./parts/once";
import { pickDates } from "./parts/date";
import { switchDisplay, closeMenus, offerPrint, runTimers, showErrors } from "./parts/display";

sendOnce();
keepDrafts();
pickDates(document);
switchDisplay();
closeMenus();
offerPrint();
runTimers();
showErrors();

// Parts that htmx brought in later.
document.addEventListener("htmx:after:swap", () => pickDates(document));
