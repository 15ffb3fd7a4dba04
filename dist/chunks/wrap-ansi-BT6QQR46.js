import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{wrapAnsi}from"./chunk-NZWK4LQH.js";import"./chunk-6KCUVQ7E.js";import"./chunk-YZASLWB7.js";export{wrapAnsi as default};
