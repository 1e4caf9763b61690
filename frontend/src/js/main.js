import "htmx.org";
import "./shell.js";
import "./palette.js";
import "./forms.js";
import "./pick.js";
import "./live.js";
import "./dial.js";
