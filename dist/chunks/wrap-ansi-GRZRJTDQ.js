import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{wrapAnsi}from"./chunk-D62ZLDYI.js";import"./chunk-ZOXL2NDC.js";import"./chunk-6LX6WNAJ.js";export{wrapAnsi as default};
