import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{isFullwidth,isWide}from"./chunk-6KCUVQ7E.js";function isFullwidthCodePoint(codePoint){return Number.isInteger(codePoint)?isFullwidth(codePoint)||isWide(codePoint):!1}export{isFullwidthCodePoint};
