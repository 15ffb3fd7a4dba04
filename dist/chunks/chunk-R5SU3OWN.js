import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{isFullwidth,isWide}from"./chunk-ZOXL2NDC.js";function isFullwidthCodePoint(codePoint){if(!Number.isInteger(codePoint)){return false}return isFullwidth(codePoint)||isWide(codePoint)}export{isFullwidthCodePoint};
