import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{count}from"./chunk-4OQOT35P.js";import"./chunk-LKFDBZPT.js";import{terminal}from"./chunk-XC4NC72T.js";import"./chunk-6LX6WNAJ.js";function renderExplanation(server,rules){const head=`${terminal(server)}: ${count(rules.length,"rule")} true
`;return`${[head,...rules.map(renderRule)].join("\n")}
`}function renderRule({rule,level,file,row,col,reads}){const width=Math.min(60,Math.max(0,...reads.map(({path})=>path.length)));const lines=reads.map(({path,value})=>{const known=value===""?"(nothing is there)":value;return`    ${terminal(path).padEnd(width)}  ${terminal(known)}
`});return`  ${terminal(`${rule}  ${level}  ${file}:${row}:${col}`)}
${lines.join("")}`}export{renderExplanation};
