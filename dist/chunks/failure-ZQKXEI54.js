import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{UsageError,toFailure}from"./chunk-QPXHVNL3.js";import"./chunk-4VYMOKMJ.js";import"./chunk-Y7Y4XRGW.js";import"./chunk-XC4NC72T.js";import"./chunk-6LX6WNAJ.js";export{UsageError,toFailure};
