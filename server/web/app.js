// app.js - what the page does beyond what its HTML does by itself.
export {};
