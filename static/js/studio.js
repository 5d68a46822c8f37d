// The studio of a scoring model: its rules in their order, and the editor of one of them.
import "./conditions.js";
import "./lines.js";
import "./options.js";
import "./rule-editor.js";
import "./rule-order.js";
