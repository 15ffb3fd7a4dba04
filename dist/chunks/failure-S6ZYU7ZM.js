import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{UsageError,toFailure}from"./chunk-PGKGNFPP.js";import"./chunk-TZJSE366.js";import"./chunk-YZASLWB7.js";export{UsageError,toFailure};
