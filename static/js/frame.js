// What every page has. Each module registers its own elements and listeners and is safe without the others.
import "./calling-hours.js";
import "./composition.js";
import "./copy.js";
import "./dialog.js";
import "./drafts.js";
import "./keys.js";
import "./menu.js";
import "./palette.js";
import "./preferences.js";
import "./progress.js";
import "./search.js";
import "./selection.js";
import "./strips.js";
import "./toast.js";
