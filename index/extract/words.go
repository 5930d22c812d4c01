package extract

// englishWords are common English words, in their simplest form, that a misspelt
// label of a single word could be taken for (endings are dealt with by rule).
var englishWords = wordSet(`
	ability able about above accept access accident account accuse achieve acid acquire across action active actor actual adapt address adjust admire
	admit adult advance advantage advice advise affair affect afford afraid after again against agency agent agree ahead alarm album alcohol alive allow
	almost alone along already also alter although always amaze among amount amuse analyse analysis analyst analyze ancient anger angle angry animal
	annual another answer anxious apart appeal appear apple apply approach approve area argue arise army around arrange arrest arrive arrow article
	artist aside asleep aspect assault assert assess assign assist assume assure attach attack attempt attend attract author avail average avoid award
	aware away awful baby back bacon badge bake balance ball ballet band bang bank barber bare barrel barrier base basic basket bath battle beach bean
	bear beat beauty because become bedroom beef beer before begin behave behind believe bell belong below belt bench bend beneath benefit bent berry
	beside best better between beyond bike bill bind bird birth bite bitter black blade blame blank blanket blast bleed bless blind block blood bloom
	blow blue board boast boat body boil bold bolt bomb bond bone book boot border born borrow boss both bother bottle bottom bounce bound bowl brain
	brake branch brand brave bread break breast breath breathe breed brick bride bridge brief bright bring broad broker brother brown brush bubble bucket
	budget build bulb bullet bunch burden burn burst bury bush business busy butter button cabin cabinet cable cake call calm camera camp campaign cancel
	cancer candle candy capable capital captain capture carbon card care career cargo carpet carriage carry cart carve case cash cast castle catch cattle
	cause cave cease ceiling celebrate cell cent center central centre century certain chain chair chalk challenge chamber champion chance change channel
	chaos chapter character charge charm chart chase chat cheap cheat check cheek cheer cheese chemical chest chicken chief child chip chocolate choice
	choose chop church circle circuit circus cite citizen city civil claim clash class clause clay clean clear clerk clever click client cliff climate
	climb cling clinic clip clock close cloth cloud club clue coach coal coast coat coffee coin cold collapse collar collect college color colour column
	comb combat combine come comedy comfort command comment commerce commit common company compare compete compile complain complete complex comply
	compose compound compress conceal concept concern concert conclude concrete condemn conduct confess confirm conflict confuse connect consent consist
	console constant construct consult consume contact contain content contest context continue contract contrast contribute control convent convert
	convey convict convince cook cool cope copper copy cord core corn corner correct cost cottage cotton cough council counsel count counter country
	county couple courage course court cousin cover crack craft crash crawl cream create credit creep crew crime crisis crisp critic crop cross crowd
	crown crude cruel cruise crush cube culture curb cure curl curse curve custom cycle daily dairy damage dance danger dare dark data date daughter dawn
	dead deal dear death debate debt decade decay decide deck declare decline decorate deep defeat defect defend define degree delay delegate delete
	deliver demand demographic deny depart depend deposit depress derive descend describe desert deserve design desire desk despite destroy detach detail
	detect deter develop device devote diary diet differ digest dinner direct dirt disc discuss disease dish dismiss display dispose dispute distant
	district disturb ditch dive divide divorce dock docket doctor document dollar domain domestic donate door dose double doubt down dozen draft drag
	drain drama draw dream dredge dress drift drill drink drive drop drown drug drum duck dull dump during dust duty dwell each eager early earn earring
	earth ease east easy echo edge edit educate effect effort eight either elbow elder elect elegant element elevate eleven else embrace emerge emotion
	employ empty enable endure enemy energy engage engine enhance enjoy enough ensure enter entertain entire entry envelope equal equip error escape
	essay essence establish estate estimate even evening event ever every evidence evil exact exam example exceed except exchange excite excuse execute
	exercise exist exit expand expect expense explain explode explore export expose express extend extent external extra extract extreme fabric face
	facility fact factor factory fade fail faint fair faith fall false fame family famous fancy fare farm fashion fast fate father fault favor fear feast
	feather feature federal feed feel fellow female fence fever fiber field fierce fight figure file fill film filter final find fine finger finish fire
	firm first fish five flag flame flank flash flat flavor flaw flee fleet flesh flexible flight fling float flock flood floor flour flow flower flue
	fluid focus fold follow food fool foot force foreign forest forever forget forgive fork form formal format former fort fortune forward foster found
	four frame freedom freeze fresh friend fright front frost frown fruit fuel full function fund funeral funny furnish further future gain gallery game
	gang garage garden gate gather gauge gear gender gene general generate gentle genuine gesture ghost giant gift girl give glad glance glass globe
	glory glove glow glue goal goat gold golf good gossip govern grab grace grade gradual grain grand grant grape graph grasp grass grateful grave gravel
	gravity gray grease great green greet grey grid grief grin grip grocery groove gross ground group grow growth guarantee guard guess guest guide guild
	guilt guitar habit hair half hall hammer hand handle hang happen happy harbor hard harm harsh harvest hate haul have head heal health heap hear heart
	heat heavy hedge heel height hello help herb here hero hide high hike hill hire history hobby hold hole holiday holy home honest honey honor hook
	hope horn horror horse hospital host hotel hour house huge human humor hundred hunger hunt hurry hurt husband idea ideal identify idle ignore image
	imagine impact imply import impose impress improve inch incident include income increase indeed index indicate indoor infant infect inform
	informatics initial inject injure inner inquire insect insert inside insist inspect inspire install instance instead instinct instruct insult insure
	intend intense interest internal interpret interview invent invest invite involve iron island isolate issue item jacket jail join joint joke journal
	journey judge juice jump junior jury just justice keen keep kick kill kind king kiss kitchen knee knife knit knock knot know label labor labour lack
	ladder lady lake lamp land lane language large last late latter laugh launch lawyer layer lazy lead leaf leak learn lease least leather leave lecture
	left legal legend lend length lesson letter level liberty library license life lift light like limb limit line link liquid list listen liter literary
	little live liver load loan local locate lock lodge logic lonely long look loop loose lord lose loss loud love loyal luck lunch lung luxury machine
	magic magnet mail main maintain major make male mall manage mandate manner manual many marble march margin marine mark market marriage marry mask
	mass master match mate material math matter mature maximum meal mean measure meat medal media medical medium meet melt member memory mental mention
	menu mercy merge merit merry mess message metal metallic meter method middle might mild mile milk mill mind mine minor minute miracle mirror miss
	mission mistake mobile mode model modern modest modify moment money monitor monk month mood moon moral more morning mosquito most mother motion
	motive motor mount mountain mouse mouth move movie much multiply murder muscle museum music must mutual mystery nail naked name narrow nasty nation
	native nature navy near neat neck need needle negative neglect negotiate neighbor nerve nest network never news nice night nine noble nobody noise
	none noon normal north nose note nothing notice notify notion novel nurse nutritious obey object oblige observe obtain obvious occasion occupy occur
	ocean offend offer office officer often once onion only onto open opera operate opinion oppose option orange orbit order organ organize orient origin
	other ought ounce outcome outdoor outer outfit outline output outside oven over overall oxygen pack package page pain paint pair palace pale palm
	panel panic paper parade parallel pardon parent park part partial participate particular partner party pass passage passion past paste patch path
	patient patrol pattern pause pave peace peak peasant peer penalty pencil penny people pepper percent perfect perform perhaps period permit person
	persuade phase phone photo phrase physical piano pick picture piece pile pill pillow pilot pinch pine pink pipe pitch place plain plan plane planet
	plant plaster plastic plate platform play plea plead please plenty plot plow plug plumb plunge plus pocket poem poet point poison pole police policy
	polish polite political poll pollute pond pool poor popular porch pore port portion portray pose position possess post poster postman potato pound
	pour poverty powder power practical practice praise pray preach precise predict prefer pregnant prepare present preserve press pressure pretend
	pretty prevent price pride priest primary prime prince principle print prior prison private prize probe problem proceed process proclaim produce
	product profess profile profit program progress project promise promote prompt proof propel proper property proposal propose prose prosecute prospect
	protect protein protest proud prove provide province public publish pull pulse pump punch punish pupil purchase pure purple purpose purse pursue push
	puzzle qualify quality quarrel quarter queen query quest question quick quiet quilt quit quite quote race rack radar radical radio rage raid rail
	rain raise rally range rank rapid rare rate rather ratio reach react read ready real realize rear reason rebel recall receive recent recipe recite
	reckon recognize recommend record recover recruit reduce refer refine reflect reform refuge refuse regard regime region regret regular regulate
	reject relate relax relay release relevant relief relieve religion rely remain remark remedy remember remind remote remove render renew rent repair
	repeat replace reply report represent reproduce request require rescue research resemble reserve reside resign resist resolve resort resource respect
	respond rest restore restrain restrict result resume retail retain retire retreat return reveal revenge revenue reverse review revise revolt reward
	rhythm rice rich ride rifle right rigid ring riot ripe rise risk rival river road roast rock rocket role roll romance roof room root rope rose rotate
	rough round route routine royal rubber rude ruin rule rumor rural rush sacred safe sail saint salad salary sale salt same sample sanction sand
	satellite satisfy sauce save scale scan scandal scar scare scatter scene schedule scheme scholar school science scope score scour scout scrap scrape
	scratch scream screen screw script seal search season seat second secret section sector secure seed seek seem segment seize select self sell senate
	send senior sense sentence separate sequence serial series serious serum serve service session settle seven sever several severe shade shadow shake
	shall shallow shame shape share sharp shave shed sheep sheer sheet shelf shell shelter shield shift shine ship shirt shock shoe shoot shop shore
	short shot should shoulder shout shove show shower shrink shrug shut sick side siege sigh sight sign signal silence silk silly silver similar simple
	since sing single sink sister site size sketch skill skin skip skirt slave sleep sleeve slice slide slight slim slip slope slow small smart smell
	smile smoke smooth snake snap snow soak soap soccer social sock soft soil soldier sole solid solidify solve some song soon sort soul sound soup
	source south space spare spark speak special specific speech speed spell spend sphere spice spider spill spin spirit spit spite split spoil sponsor
	spoon sport spot spray spread spring square squeeze stable stack staff stage stain stair stake stale stall stamp stand staple star stare start starve
	state statement station statue stay steady steal steam steel steep steer stem step stick stiff still stimulate sting stir stitch stock stomach stone
	stool stop store storm story stove straight strain strange stranger strap strategy straw stream street strength stress stretch strict strike string
	strip stroke strong structure struggle stubborn student studio study stuff stupid style subject submit subscribe substance subtle suburb succeed such
	suck sudden suffer sugar suggest suit summer summit super supper supply support suppose supreme sure surf surface surge surgeon surplus surprise
	surrender surround survey survive suspect suspend suspicion sustain swallow swamp swear sweat sweep sweet swell swift swim swing switch symbol table
	tackle tactic tail tailor take tale talent talk tall tank tape target task taste teach team tear tease teen tell temper temple tempt tenant tend
	tender tennis tense tent term terrible terror test text than thank that theater theme then theory there therefore these thick thief thin thing think
	third thirst thirty this thorough though thought thousand thread threat three throat through throw thumb thus ticket tide tidy tight tile till timber
	time tiny tire tissue title toast tobacco today together toilet tolerate tomb tomorrow tone tongue tonight tool tooth topic toss total touch tough
	tour toward towel tower town trace track trade tradition traffic tragedy trail train trait transfer transform transit translate transmit transport
	trap trash travel tray treasure treat treaty tree tremble trend trial tribe trick trigger trim trip triumph troop trouble truck true trunk trust
	truth tube tune tunnel turkey turn twelve twenty twice twin twist type typical ugly ultimate unable uncle under unfair unfold uniform union unique
	unit unite universe unknown unless unlike until update upon upper upset urban urge usual utter vacation vague vain valid valley value vanish variety
	vary vast vegetable vehicle venture verb verdict verse version very vessel vest veteran victim victory video view vigor village violate violent
	virtue virus visible vision visit visual vital vivid vocal voice volume volunteer vote voyage wage wagon waist wait wake walk wall wander want ward
	warm warn warrior wash waste watch water wave weak wealth weapon wear weather weave wedding weed week weekend weep weigh weight welcome weld welfare
	well west what wheat wheel when where whether which while whip whisper white whole whom wide widow width wield wife wild will wind windmill window
	wine wing winner winter wipe wire wisdom wise wish with withdraw within without witness woman wonder wood wool word work world worry worse worship
	worth would wound wrap wreck wrestle wrist write wrong yard year yellow yesterday yield young youth zone
`)
