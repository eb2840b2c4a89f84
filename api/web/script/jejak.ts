// The script makes pages live and forms patient. Without it every page works.
import { live } from "./live";
import { drafts } from "./drafts";
import { queue } from "./queue";
import { steppers, listKeys, sendWhenSeen } from "./hands";
import { palette } from "./palette";

/** wire gives life to a part of the page; it runs again when live updates replace the part. */
function wire(part: ParentNode): void {
  steppers(part);
  drafts(part);
  queue(part);
  sendWhenSeen(part);
  listKeys(part);
}

wire(document);
live(wire);
palette();
document.querySelector<HTMLElement>("[data-problems]")?.focus();
